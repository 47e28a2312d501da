"""What a namespace is born with, always the same: no fake has to run. Reads momo_contracts, too."""

from mock_momo.core.credentials import Credentials, credentials_of

__all__ = ["Credentials", "credentials_of"]
