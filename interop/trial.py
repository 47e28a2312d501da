"""A client's script, run against a namespace of its own; what it says, and what that means."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interop.environments import command, search_path
from interop.table import Client, Step
from mock_momo.testing import Control

_RUN_S = 60.0
_PAYER = "256772123456"
_UNLUCKY_PAYER = "256772000001"
"""Both are numbers that MTN Uganda could have given out: two clients take no others."""

_RULES = [
    {
        "name": "unlucky payer",
        "match": {"party": _UNLUCKY_PAYER},
        "outcome": "FAILED; reason=NOT_ENOUGH_FUNDS",
    }
]


@dataclass(frozen=True, slots=True)
class Trial:
    """How each step that a client reported went: with what error, or None."""

    client: Client
    errors: Mapping[Step, str | None]
    complaint: str = ""

    def findings(self) -> Iterator[str]:
        """Where the catalogue is wrong about the client, or the fake is."""
        for step in Step:
            found = self._finding(step)
            if found:
                yield f"{self.client.name}: {step}: {found}"
        if self.complaint and self.client.steps - self.errors.keys():
            yield f"{self.client.name}: {self.complaint}"

    def _finding(self, step: Step) -> str | None:
        if step not in self.errors:
            return "not reported" if step in self.client.steps else None
        if step not in self.client.steps:
            return "reported, but the catalogue does not know that the client can do it"
        error, defect = self.errors[step], self.client.defects.get(step)
        if error is None:
            return f"passes, though the catalogue says: {defect.text}" if defect else None
        return None if defect and defect.error in error else error


def try_out(client: Client, fake: Control, variables: Mapping[str, str]) -> Trial:
    """Run the client; `variables` are those that it needs besides the namespace's own."""
    world = fake.namespace(client.name, profile=client.profile, rules=_RULES)
    keys = {
        f"MTN_{product.upper()}_SUBSCRIPTION_KEY": key
        for product, key in world.subscription_keys.items()
    }
    own = {
        **world.variables,
        **keys,
        "INTEROP_PACKAGE": client.package,
        "INTEROP_PAYER": _PAYER,
        "INTEROP_UNLUCKY_PAYER": _UNLUCKY_PAYER,
    }
    inherited = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    environment = {**inherited, **search_path(client), **own, **variables}
    try:
        done = subprocess.run(
            command(client),
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=_RUN_S,
        )
    except subprocess.TimeoutExpired as problem:
        said = problem.stdout.decode() if isinstance(problem.stdout, bytes) else ""
        return Trial(client, _reported(said), f"not done after {_RUN_S:g} s")
    return Trial(client, _reported(done.stdout), done.stderr.strip()[-500:])


def _reported(output: str) -> dict[Step, str | None]:
    """The steps among whatever else a client prints."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith('{"step":')]
    return {Step(line["step"]): None if line["ok"] else line["error"] for line in lines}
