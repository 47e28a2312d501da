"""Writing files so that whoever reads one sees all of it, or what was there before."""

import os
from contextlib import suppress
from pathlib import Path

from mock_momo.errors import FakeUnavailable


def write_whole(path: Path, content: bytes) -> None:
    """Write a draft beside the file, then put it in its place. Raises FakeUnavailable."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
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
