"""Places for shops: each a namespace, an empty database and a folder, all gone after use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from mock_momo.testing import Control, World, running_fake
from tests.crash.shop import Site
from tests.postgres import Postgres, running_postgres

_NUMBERS = count()


@dataclass(frozen=True, slots=True)
class Places:
    """A fake and a kind of database; `postgres` is None for SQLite."""

    fake: Control
    postgres: Postgres | None

    @contextmanager
    def new(self, **settings: object) -> Iterator[tuple[Site, World]]:
        """One place, and its world."""
        world = self.fake.namespace(f"crash-{next(_NUMBERS)}", **settings)
        with TemporaryDirectory(prefix="momo-crash-") as folder, self._database(folder) as url:
            yield Site(self.fake.url, world.name, url, Path(folder)), world
        world.delete()

    @contextmanager
    def _database(self, folder: str) -> Iterator[str]:
        if self.postgres is None:
            yield f"sqlite:///{folder}/ledger.sqlite3"
            return
        url = self.postgres.new_database()
        yield url
        self.postgres.drop(url)


@contextmanager
def places(database: str) -> Iterator[Places]:
    """A fake, and the server of a database if it needs one."""
    with running_fake() as fake:
        if database == "sqlite":
            yield Places(fake, None)
        else:
            with running_postgres(durable=False) as postgres:
                yield Places(fake, postgres)
