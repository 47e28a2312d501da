"""Writing files so that whoever reads one sees all of it, or what was there before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mock_momo.errors import FakeUnavailable


def write_whole(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Write a draft beside the file, then put it in its place. Raises FakeUnavailable.

    A private file is its owner's alone to read, whatever the mode of the one that it replaces.
    """
    with _draft_of(path) as draft:
        with open(draft, "wb", opener=_open_private if is_private else None) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def check_writable(path: Path) -> None:
    """Whether a draft could be there; the file stays as it is. Raises FakeUnavailable."""
    with _draft_of(path) as draft:
        draft.touch()
        draft.unlink()


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        yield draft
    except OSError as problem:
        with suppress(OSError):
            draft.unlink()
        raise FakeUnavailable(
            f"cannot write {path}: {problem.strerror}; make its folder writable, or name another"
        ) from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
