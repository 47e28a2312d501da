"""The reports as files: each is well-formed whatever a client says, and says what it must."""

import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from momo_conformance.catalogue import Level
from momo_conformance.errors import UnwritableReport
from momo_conformance.plans import ExamplePlan
from momo_conformance.reports.html_report import write_html
from momo_conformance.reports.json_report import write_json
from momo_conformance.reports.junit import write_junit
from momo_conformance.reports.markdown import write_markdown
from momo_conformance.reports.report import Report
from momo_conformance.reports.save import save_plans, save_reports
from momo_conformance.verdicts import Outcome
from tests.conformance.reports.examples import (
    PLAN,
    ROWS,
    believed_callback,
    broken,
    everything,
    expired_token,
    report,
    verdict,
)

SCHEMA = json.loads((files("momo_contracts") / "report" / "v1" / "report.json").read_text("utf-8"))
VOID = {"meta", "input", "br"}
NASTY = (
    "<script>alert(1)</script>",
    "]]>&amp;<!--",
    "\x00\x1b[2J\r\n\t\x85\ud800\ufffe",
    "\u202eright to left\u2066 مرحبا",
    "${title} $body {0} %s",
    "| `x` **y** [a](http://b) </pre></details>",
    "x" * 100_000,
)
texts = st.sampled_from(NASTY) | st.text(alphabet=st.characters(), max_size=60)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Reports whose every text is a client's."""
    verdicts = []
    for row in draw(st.lists(st.sampled_from(tuple(ROWS.values())), unique=True, max_size=4)):
        outcome = draw(st.sampled_from(Outcome))
        trace = draw(st.sampled_from([expired_token(), believed_callback()]))
        told = replace(trace, lines=tuple(draw(texts) for _ in trace.lines))
        made = verdict(row.id.removeprefix("MOMO-"), outcome, draw(texts), told)
        verdicts.append(replace(made, waived_by=draw(texts)))
    return report(
        *verdicts,
        name=draw(texts),
        language=draw(texts),
        profile={draw(texts): draw(texts)},
        stale=(draw(texts),),
        replays={row.requirement.id: draw(texts) for row in verdicts},
    )


class Page(HTMLParser):
    """Reads a page, and holds that every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.seen if name == tag)


@given(reports())
@settings(max_examples=40, deadline=None)
def test_every_report_is_well_formed_whatever_a_client_says(made: Report) -> None:
    cases = ET.fromstring(write_junit(made).encode())  # noqa: S314  # our own
    document = json.loads(write_json(made).encode())
    page = Page(write_html(made))
    markdown = write_markdown(made)

    assert len(list(cases.iter("testcase"))) == len(made.verdicts)
    Draft202012Validator(SCHEMA).validate(document)
    assert "script" not in {tag for tag, _ in page.seen}
    for text in (page.text, markdown):
        assert not set(text) & {"\x00", "\x1b", "\u202e", "\x85"}
    assert "<script" not in markdown
    assert markdown.count("<pre>") == markdown.count("</pre>")
    assert max(map(len, (markdown, page.text))) < 200_000


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("key", SCHEMA["required"])
def test_a_document_without_one_of_its_keys_is_not_of_the_schema(key: str) -> None:
    document = json.loads(write_json(everything()))
    del document[key]

    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_json_says_all_there_is_to_know() -> None:
    document = json.loads(write_json(everything()))
    rows = {row["requirement"]: row for row in document["verdicts"]}

    assert document["exit_code"] == 1
    assert document["summary"]["WAIVED"] == {"MUST": 1, "SHOULD": 0}
    assert rows["MOMO-TOK-03"]["trace"]["plan"] == json.loads(PLAN.to_json())
    assert "mock-momo replay" in rows["MOMO-TOK-03"]["trace"]["replay"]
    assert rows["MOMO-IDM-05"]["flaky"] == {"broken": 2, "runs": 5}
    assert rows["MOMO-RTY-04"]["waived_by"] == "payments team"
    assert rows["MOMO-TOK-01"]["trace"] is None


def test_a_case_fails_for_what_must_hold_and_warns_of_what_should() -> None:
    root = ET.fromstring(write_junit(everything()).encode())  # noqa: S314  # our own
    cases = {str(row.get("name"))[:11]: row for row in root.iter("testcase")}
    failed = cases["MOMO-TOK-03"].find("failure")
    skipped = {name: row.find("skipped") for name, row in cases.items()}
    reasons = {name: row.get("message") for name, row in skipped.items() if row is not None}

    assert failed is not None
    assert failed.get("message") == "a token was sent 3 s after it had expired"
    assert "2. collection.requesttopay.create 146cd472… → 401" in str(failed.text)
    assert reasons == {
        "MOMO-TOK-04": "warning, SHOULD: FAIL: the margin is 0",
        "MOMO-RTY-04": "WAIVED by payments team: 400 was followed by 2 more attempts",
        "MOMO-BAL-06": "UNTESTABLE: needs transfer",
        "MOMO-MSI-04": "NOT EXERCISED: not seen: generated texts",
    }


def test_the_counts_of_a_suite_are_those_of_its_cases() -> None:
    root = ET.fromstring(write_junit(everything()).encode())  # noqa: S314  # our own
    tokens = next(root.iter("testsuite"))

    assert [tokens.get(name) for name in ("name", "tests", "failures", "errors", "skipped")] == [
        "Tokens",
        "12",
        "1",
        "0",
        "1",
    ]


def test_markdown_has_a_table_and_folds_the_traces() -> None:
    lines = write_markdown(everything()).splitlines()

    assert lines[0] == "## small-client 1.2 (Python)"
    assert lines[2] == "**broken: 2 requirements that MUST hold**"
    assert "| PASS | 69 | 12 |" in lines
    assert lines.count("<details><summary>The trace</summary>") == 3
    assert r"client · L3 · catalogue 1.0 · payment, request\_to\_pay" in lines


def test_the_page_needs_nothing_from_anywhere() -> None:
    text = write_html(everything())
    page = Page(text)

    assert {"script", "link", "img", "iframe"}.isdisjoint(tag for tag, _ in page.seen)
    assert "url(" not in text
    assert "http://" not in text
    assert "https://" not in text


def test_the_page_can_be_read_by_ear() -> None:
    page = Page(write_html(everything()))
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]

    assert next(page.named("html")) == {"lang": "en"}
    assert all(row.get("scope") for row in page.named("th"))
    assert len(list(page.named("h1"))) == 1
    assert len(set(ids)) == len(ids)
    assert all((row["href"] or "")[1:] in ids for row in page.named("a"))
    for svg in page.named("svg"):
        assert svg["role"] == "img"
        assert set((svg["aria-labelledby"] or "").split()) <= set(ids)


def test_the_page_says_in_words_what_the_diagram_marks() -> None:
    text = Page(write_html(report(broken()))).text

    assert "It shows at step 2. a token was sent 3 s after it had expired" in text
    assert "✗ POST collection.requesttopay.create" in text


def test_the_table_can_be_narrowed_to_each_outcome_that_there_is() -> None:
    page = Page(write_html(report(broken(), verdict("TOK-01"))))

    assert [row["id"] for row in page.named("input")] == ["show-all", "show-pass", "show-fail"]


def test_a_server_is_examined_by_the_same_reports() -> None:
    made = report(broken("SRV-05"), direction="server", level=Level.SERVER, views=())

    Draft202012Validator(SCHEMA).validate(json.loads(write_json(made)))
    assert "examiner" in Page(write_html(made)).text


def test_reports_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    save_reports(everything(), junit=tmp_path / "new" / "junit.xml", html=tmp_path / "r.html")

    assert (tmp_path / "new" / "junit.xml").read_text("utf-8") == write_junit(everything())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "r.html"]


def test_a_report_that_cannot_be_written_is_one_line_and_the_others_are_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(UnwritableReport) as told:
        save_reports(everything(), junit=tmp_path, json=tmp_path / "r.json")

    assert str(told.value) == f"cannot write {tmp_path}: Is a directory"
    assert (tmp_path / "r.json").exists()


def test_plans_of_failures_are_saved_by_requirement(tmp_path: Path) -> None:
    paths = save_plans(report(broken(), verdict("TOK-01")), tmp_path / "plans")

    assert paths == {"MOMO-TOK-03": tmp_path / "plans" / "MOMO-TOK-03.json"}
    assert ExamplePlan.from_json(paths["MOMO-TOK-03"].read_text("utf-8")) == PLAN
