"""`mock-momo verify` against a fake that runs."""

import asyncio

import pytest

from mock_momo.testing import Control
from tests.mock_momo.commands.conftest import Console
from tests.mock_momo.customer import get, pay

EXPECT = """\
version: 1
expect:
  - name: one payment
    count: {operation: collection.requesttopay.create, status: 202}
    exactly: 1
"""


def test_it_shows_each_verdict_and_the_books_and_ends_with_0_when_all_is_well(
    console: Console,
) -> None:
    (console.folder / "expect.yaml").write_text(EXPECT)
    with console.serving() as serving:
        asyncio.run(pay(Control(serving.url).find("default")))
        ended = console.run("verify", "expect.yaml", MOCK_MOMO_URL=serving.url)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "met         one payment",
        "books       2 requests; payments: 1 SUCCESSFUL; balance 1005 EUR",
    ]


def test_it_ends_with_4_and_tells_what_is_wrong(console: Console) -> None:
    (console.folder / "expect.yaml").write_text(EXPECT)
    with console.serving() as serving:
        asyncio.run(get(Control(serving.url).namespace("shop"), "/nowhere"))
        ended = console.run("verify", "expect.yaml", "--url", serving.url, "--namespace", "shop")

    assert ended.code == 4
    unmet, problem, books = ended.out.splitlines()
    assert unmet.startswith("unmet       one payment: wanted exactly 1 of")
    assert problem.startswith("problem     unmatched request: GET /ns/shop/nowhere is no operation")
    assert books == "books       1 requests; payments: none; balance 1000 EUR"


def test_it_waits_for_what_is_yet_to_come(console: Console) -> None:
    (console.folder / "expect.yaml").write_text(EXPECT)
    arguments = ("verify", "expect.yaml", "--wait-s", "20", "--url")
    with console.serving() as serving, console.start(*arguments, serving.url) as asking:
        asyncio.run(pay(Control(serving.url).find("default")))
        out, _ = asking.communicate(timeout=20)

    assert asking.returncode == 0
    assert out.startswith("met")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--url", "http://127.0.0.1:9"), 3, "no fake answers at http://127.0.0.1:9"),
        (("nowhere.yaml",), 2, "nowhere.yaml:1: cannot be read"),
        (("--wait-s", "61"), 2, "0<=x<=60"),
    ],
)
def test_a_mistake_is_named_with_the_right_code(
    console: Console, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended = console.run("verify", *arguments)

    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_a_namespace_that_is_not_there_is_named(console: Console) -> None:
    with console.serving() as serving:
        ended = console.run("verify", "--url", serving.url, "--namespace", "nope")

    assert ended.code == 2
    assert "no namespace 'nope'" in ended.err
