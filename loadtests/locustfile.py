"""For Locust by hand: point `MTN_*` at a fake, then `locust -f loadtests/locustfile.py`."""

from momo_loadtests.users import Payer

__all__ = ["Payer"]
