"""What a running fake has done so far, all namespaces together, those that are gone included."""

from collections import Counter
from collections.abc import Iterable

from mock_momo.core.effects import Effect, Happened
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from momo_contracts.events import CallbackAttempted, CallbackWithheld


class Tally:
    """Counts that only grow: `requests` by operation and status, `faults` and `callbacks` by name.

    A status of 0 is no reply. Callbacks are acknowledged, refused, not answered or withheld.
    """

    def __init__(self, registry: Registry) -> None:
        self.requests: Counter[tuple[str | None, int]] = Counter()
        self.faults: Counter[str] = Counter()
        self.callbacks: Counter[str] = Counter()
        self._registry = registry
        self._gone_events = 0
        registry.on_removed.append(self._removed)

    @property
    def events(self) -> int:
        """How many events have been recorded."""
        return self._gone_events + sum(row.log.last_seq for row in self._registry.all())

    def note(self, effects: Iterable[Effect]) -> None:
        """Count what became of callbacks."""
        for effect in effects:
            if isinstance(effect, Happened):
                match effect.detail:
                    case CallbackAttempted(status=None):
                        self.callbacks["no_answer"] += 1
                    case CallbackAttempted(status=int(status)):
                        self.callbacks["acknowledged" if 200 <= status < 300 else "refused"] += 1
                    case CallbackWithheld():
                        self.callbacks["withheld"] += 1

    def _removed(self, namespace: Namespace) -> None:
        self._gone_events += namespace.log.last_seq
