"""Writing files so that whoever reads one sees all of it, or what was there before."""

import os
from contextlib import suppress
from pathlib import Path

from mock_momo.errors import FakeUnavailable


def write_whole(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Write a draft beside the file, then put it in its place. Raises FakeUnavailable.

    A private file is its owner's alone to read, whatever the mode of the one that it replaces.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb", opener=_open_private if is_private else None) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink()
        raise FakeUnavailable(
            f"cannot write {path}: {problem.strerror}; make its folder writable, or name another"
        ) from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
