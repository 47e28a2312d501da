"""A client's script, run with a fake of its own; what it says, and what that means."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from interop.comparison import Grades, read_grades
from interop.environments import command, search_path
from interop.table import Client, Step

_RUN_S = 60.0
_SCENARIO = Path(__file__).with_name("unlucky.yaml")
_NUMBERS = {"INTEROP_PAYER": "256772123456", "INTEROP_UNLUCKY_PAYER": "256772000001"}


@dataclass(frozen=True, slots=True)
class Trial:
    """How each step that a client reported went: with what error, or None."""

    client: Client
    errors: Mapping[Step, str | None]
    complaint: str = ""
    grades: Grades | None = None

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


def try_out(client: Client) -> Trial:
    """Run the client as its users would: by `mock-momo grade`."""
    with TemporaryDirectory() as folder:
        return _try_out(client, Path(folder) / "grades.json")


def _try_out(client: Client, grades: Path) -> Trial:
    with subprocess.Popen(
        [*_grade(client, grades), "--", *command(client)],
        env=_environment(client),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            output, complaint = run.communicate(timeout=_RUN_S)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            output, complaint = run.communicate()
            complaint += f"\nnot done after {_RUN_S:g} s"
    return Trial(client, _reported(output), complaint.strip()[-500:], read_grades(grades))


def _grade(client: Client, grades: Path) -> list[str]:
    mock_momo = [sys.executable, "-P", "-m", "mock_momo"]
    fake = [*mock_momo, "grade", "--json", str(grades), "--no-verify", "--port", "0"]
    tls = ["--tls"] if client.is_compiled_in else []
    found_by = [f"--env={name}={value}" for name, value in search_path(client).items()]
    settings = [f"--profile={client.profile}", f"--scenario={_SCENARIO}"]
    return [*fake, *tls, *settings, *found_by]


def _environment(client: Client) -> dict[str, str]:
    """Ours, without the proxies of this machine: the client shall meet nothing but the fake."""
    inherited = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return {**inherited, **_NUMBERS, "INTEROP_PACKAGE": client.package}


def _reported(output: str) -> dict[Step, str | None]:
    """The steps among whatever else a client prints."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith('{"step":')]
    return {Step(line["step"]): None if line["ok"] else line["error"] for line in lines}
