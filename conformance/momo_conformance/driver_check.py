"""Testing a driver itself: does it keep to the protocol, whatever its client is worth?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mock_momo.testing import Control, running_fake
from momo_conformance import driver_trials as trials
from momo_conformance.asking import MOST_DEATHS
from momo_conformance.driver_bench import DriverBench
from momo_conformance.errors import DriverDied, DriverError
from momo_conformance.protocol import VERSION

WITHIN_S = 10.0
"""How long an answer may take in wall time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: what a driver should do, and what to change in one that does not.

    It is made with drivers that know `op` and have `cap`, where these are named.
    """

    what: str
    find: Callable[[DriverBench], str]
    remedy: str
    op: str = ""
    cap: str = ""


def _op(op: str, remedy: str, find: Callable[[DriverBench], str] | None = None) -> Trial:
    return Trial(f"{op} is answered", find or partial(trials.answers, op), remedy, op)


TRIALS = (
    Trial(
        "an op that it does not know is unsupported",
        trials.is_stranger,
        'Answer {"id": …, "unsupported": true} to every op that has no case of its own.',
    ),
    Trial(
        "hello says who is there",
        trials.hello,
        "Answer with protocol, client, ops and caps, as in driver/v1/reply.json.",
    ),
    Trial(
        "ops and caps agree",
        trials.agrees_with_itself,
        "Name in ops what the caps promise, or promise less.",
    ),
    Trial(
        "fields of a later version are ignored",
        trials.reads_later_fields,
        "Pick what you know out of a request; refuse none for what else it has.",
    ),
    _op("configure", "Make a client with these settings, and answer with an empty object."),
    _op(
        "request_to_pay",
        "Send the key as externalId, and give back the reference id and the state. Where it is "
        "refused, look which base_url, credentials and subscription key the client uses.",
        trials.pays,
    ),
    Trial(
        "a refused order is answered in form",
        trials.refuses,
        "fail needs a code, unknown needs a why, each a string; a reference_id may be left out.",
        "request_to_pay",
    ),
    Trial(
        "an order that nobody answers is answered in form",
        trials.is_left_alone,
        "fail needs a code, unknown needs a why, each a string; a reference_id may be left out.",
        "request_to_pay",
    ),
    _op(
        "status",
        "Have the client ask by the status_view, and pass on the end.",
        trials.tells_the_end,
    ),
    _op("transfer", "Send it by disbursement, with the subscription key of that product."),
    _op("refund", "Send it by disbursement, with the reference id of what is given back."),
    _op("balance", "Give back the provider's amount as a plain decimal in a string."),
    _op("reconcile", "Run the client's checker once, and count what it looked at."),
    _op("clock.advance", "Move the client's clock on, and run what is due before you answer."),
    _op(
        "deliver_callback",
        "Hand it to what takes the client's callbacks, and give back its HTTP status, a 2xx here.",
        trials.takes_a_callback,
    ),
    _op("ledger", "Show every payment with the key of its order.", trials.shows_the_payment),
    Trial(
        "an op that is not in ops is unsupported",
        trials.denies,
        "Name in ops all that is answered, or do not answer it.",
    ),
    Trial(
        "text beyond ASCII arrives as it was",
        trials.pays_beyond_ascii,
        "Read stdin and write stdout as UTF-8, whatever the locale.",
        "request_to_pay",
    ),
    Trial(
        "several requests are worked at side by side",
        trials.works_beside,
        "Give each request a thread or task of its own, or leave concurrency out of the caps.",
        "request_to_pay",
        "concurrency",
    ),
    Trial(
        "configure is a clean slate",
        trials.starts_over,
        "Replace the client by a new one, and empty its ledger unless resume is true.",
        "request_to_pay",
    ),
    Trial(
        "killed, it goes on with what it has written down",
        trials.resumes,
        "With resume open the ledger at ledger_url as it is; or say restart: false in the caps.",
        "request_to_pay",
        "restart",
    ),
    Trial(
        "it ends after stop", trials.stops, "Answer, leave the loop and end all threads within 1 s."
    ),
    Trial(
        "it ends with its input",
        trials.ends_with_its_input,
        "Take the end of stdin for a stop: the examiner may be gone.",
    ),
)
"""Later ones build on `hello` and on the payment of `request_to_pay`."""


_RUN_IT = 'Run the command by hand, and type {"id":1,"op":"examiner.bogus"}: it must answer.'


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What a driver should do, what is wrong (empty when nothing is), and what to change."""

    what: str
    problem: str = ""
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        return not self.problem

    def __str__(self) -> str:
        if self.is_right:
            return f"ok     {self.what}"
        return f"WRONG  {self.what}: {self.problem}\n       {self.remedy}"


_REST = CheckLine("the rest", "it was not tried", "Mend these first.")


def check_driver(command: str, within_s: float = WITHIN_S) -> tuple[CheckLine, ...]:
    """Put a driver through every trial that it has the ops and caps for.

    Without an introduction there are no others. Raises InvalidCommand, DriverError when it cannot
    be run at all, and MockMomoError.
    """
    with running_fake() as fake:
        return try_driver(command, fake, within_s)


def try_driver(command: str, fake: Control, within_s: float = WITHIN_S) -> tuple[CheckLine, ...]:
    """The same with a fake that is there already."""
    world = fake.namespace("driver")
    with TemporaryDirectory() as folder:
        bench = DriverBench(command, world, Path(folder), within_s)
        try:
            bench.driver  # noqa: B018  # what cannot be run is no finding
            return tuple(_lines(bench))
        finally:
            bench.drop()
            world.delete()


def _lines(bench: DriverBench) -> Iterator[CheckLine]:
    stillborn = _stillborn(bench)
    if stillborn:
        yield stillborn
        return
    told = set()
    for trial in TRIALS:
        if _suits(trial, bench):
            problem = _problem(trial, bench)
            if problem and problem in told:  # no other rule is at fault, such as in `configure`
                yield _REST
                return
            told.add(problem)
            yield CheckLine(trial.what, problem, trial.remedy if problem else "")
        if bench.client is None and (bench.breaches or trial.find is trials.hello):
            return
        if bench.breaches > MOST_DEATHS:
            yield _REST
            return


def _stillborn(bench: DriverBench) -> CheckLine | None:
    """The one line about a driver that does not even answer `hello`, for it has ended."""
    try:
        bench.driver.ask("hello", bench.within_s, protocol=VERSION)
    except DriverDied as death:
        return CheckLine("it runs, and answers", str(death), _RUN_IT)
    except DriverError:
        pass  # it answers, whatever that is worth
    bench.drop()
    return None


def _suits(trial: Trial, bench: DriverBench) -> bool:
    client = bench.client
    if client is None:
        return not trial.op
    has_cap = {
        "": True,
        "concurrency": client.concurrency > 1,
        "restart": bool(client.caps["restart"]),
    }
    return has_cap[trial.cap] and (not trial.op or trial.op in client.ops)


def _problem(trial: Trial, bench: DriverBench) -> str:
    """What is wrong; after a breach of the protocol there is another driver."""
    try:
        return trial.find(bench)
    except DriverError as breach:
        bench.replace()
        return str(breach)
