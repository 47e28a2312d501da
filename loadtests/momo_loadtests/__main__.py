"""`python -m momo_loadtests`: see `run`."""

import sys
from importlib.util import find_spec

_NEEDED = ("locust", "phonenumbers", "pydantic_settings", "rich", "sqlalchemy")
"""What the extra brings; locust itself is imported by the crowd's own process only."""


def _start() -> int:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        print(  # noqa: T201  # a command speaks
            f"momo_loadtests: {', '.join(missing)} not installed; install the extra: "
            'pip install "mock-momo[load]" (from a checkout: pip install ".[load]")',
            file=sys.stderr,
        )
        return 2
    from momo_loadtests.run import main  # noqa: PLC0415  # only now is all of it there

    return main()


if __name__ == "__main__":
    sys.exit(_start())
