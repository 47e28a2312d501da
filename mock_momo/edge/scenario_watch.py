"""Reading the scenario file again when it has changed, while the fake runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from mock_momo.core.registry import Registry
from mock_momo.edge.documents.scenario_source import ScenarioSource
from mock_momo.errors import InvalidScenario

INTERVAL_S = 0.5
"""Wall time between two looks at the file."""

_Identity = tuple[int, int, int]


class ScenarioWatch:
    """Looks at a scenario file; what it says is in force in every namespace that follows it."""

    def __init__(
        self,
        source: ScenarioSource,
        registry: Registry,
        tell: Callable[[str], None],
        wall: Callable[[], int],
    ) -> None:
        self._source = source
        self._registry = registry
        self._tell = tell
        self._wall = wall
        self._seen: _Identity | None = None
        self._is_broken = False

    def look(self) -> None:
        """Take over a change of the file, or tell why not; either is one line."""
        identity = self._identity()
        if identity == self._seen and (identity or self._is_broken):
            return
        self._seen = identity
        try:
            scenario = self._source.read()
        except InvalidScenario as broken:
            self._is_broken = True
            first, *others = broken.problems
            more = f" (and {len(others)} more)" if others else ""
            self._tell(f"mock-momo: {first}{more}; the old rules stay in force")
            return
        registry, settings, rules = self._registry, scenario.settings, scenario.rules
        is_other = (settings, rules) != (registry.defaults, registry.default_rules)
        if is_other or self._is_broken:
            registry.replace_defaults(settings, rules, self._wall())
            count = f"{len(rules)} rule{'' if len(rules) == 1 else 's'}"
            self._tell(f"mock-momo: {self._source.path} reloaded: {count}")
        self._is_broken = False

    def _identity(self) -> _Identity | None:
        """What changes when a file is written or replaced; None while there is none."""
        path = self._source.path
        if path is None:
            return None
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


@asynccontextmanager
async def watching(
    source: ScenarioSource,
    registry: Registry,
    tell: Callable[[str], None],
    wall: Callable[[], int],
) -> AsyncIterator[None]:
    """Look at the scenario file now and then, for as long as the block lasts."""
    if source.path is None:
        yield
        return
    watch = ScenarioWatch(source, registry, tell, wall)
    task = asyncio.create_task(_look_again_and_again(watch))
    try:
        yield
    finally:
        task.cancel()


async def _look_again_and_again(watch: ScenarioWatch) -> None:
    while True:
        await asyncio.sleep(INTERVAL_S)
        watch.look()
