"""The report as one HTML page that needs nothing else: no script, no network, light and dark."""

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from momo_conformance.reports.drawing import draw
from momo_conformance.reports.markup import Element, element, to_html
from momo_conformance.reports.printable import printable
from momo_conformance.reports.report import STRENGTHS, Failure, Report
from momo_conformance.reports.sequence import steps_of
from momo_conformance.verdicts import BROKEN, Outcome, Verdict

_COLOURS = {
    Outcome.PASS: "good",
    Outcome.FAIL: "bad",
    Outcome.FLAKY: "bad",
    Outcome.WAIVED: "doubt",
    Outcome.NOT_EXERCISED: "doubt",
    Outcome.UNTESTABLE: "soft",
}


def write_html(report: Report) -> str:
    """The page."""
    sections = (_head(report), _summary(report), *_failures(report), *_profile(report))
    return _template().substitute(
        title=escape(f"{report.title}: {report.conclusion}"),
        filters="\n".join(map(_filter, Outcome)),
        body=to_html(*sections, _requirements(report)),
    )


@cache
def _template() -> Template:
    page = files("momo_conformance.reports") / "page.html"
    return Template(page.read_text("utf-8"))


def _head(report: Report) -> Element:
    colour = "bad" if report.exit_code else "good"
    return element(
        "header",
        element("h1", report.title),
        element("p", report.scope, class_="soft"),
        element("p", f"{_sentence(report.conclusion)}", class_=f"conclusion {colour}"),
    )


def _summary(report: Report) -> Element:
    rows = [
        element(
            "tr",
            element("th", outcome, scope="row", class_=_COLOURS[outcome]),
            *(element("td", str(counts[strength])) for strength in STRENGTHS),
        )
        for outcome, counts in report.summary.items()
        if any(counts.values())
    ]
    heads = (element("th", name, scope="col") for name in ("verdict", *STRENGTHS))
    stale = [element("li", printable(complaint)) for complaint in report.stale]
    return _section(
        "Summary",
        element(
            "table",
            element("thead", element("tr", *heads)),
            element("tbody", *rows),
            class_="counts",
        ),
        element("p", str(report.figures), class_="soft small"),
        *((element("p", "The baseline is stale:"), element("ul", *stale)) if stale else ()),
    )


def _failures(report: Report) -> Iterator[Element]:
    if report.failures:
        yield _section("Failures", *(_failure(row, report) for row in report.failures))
    waived = [report.shown(row) for row in report.verdicts if row.outcome is Outcome.WAIVED]
    if waived:
        yield _section("Waived", *(_failure(row, report) for row in waived))


def _failure(failure: Failure, report: Report) -> Element:
    row, verdict = failure.verdict.requirement, failure.verdict
    colour = _COLOURS[verdict.outcome]
    by = f" by {printable(verdict.waived_by, 120)}" if verdict.waived_by else ""
    is_grave = verdict.outcome in BROKEN and row.level == "MUST"
    facts = [("It is asked", row.clause), ("What to change", row.remedy)]
    if row.disputed:
        facts.append(("Disputed", row.disputed))
    if failure.replay:
        facts.append(("To see it again", failure.replay))
    return element(
        "article",
        element(
            "h3",
            f"{row.id} {row.level} ",
            element("span", f"{printable(verdict.told)}{by}", class_=colour),
        ),
        element("p", failure.why, class_="why text"),
        _facts(facts),
        *_trace(failure, report),
        id=row.id,
        class_="grave" if is_grave else "doubtful",
    )


def _trace(failure: Failure, report: Report) -> Iterator[Element]:
    """The diagram, the same in words, and the plan."""
    trace = failure.verdict.trace
    if trace is None:
        return
    steps = steps_of(trace)
    if steps:
        described = " ".join(f"{at}: {line}." for at, line in enumerate(failure.lines, 1))
        told = f"{described} {failure.shows_at} {failure.why}"
        title = f"{failure.id}, who told whom what"
        svg = draw(steps, report.direction, f"diagram-{failure.id}", title, told)
        label = f"Diagram of {failure.id}, scrolls sideways"
        picture = element("div", svg, class_="picture", tabindex=0, role="region", aria_label=label)
        caption = element(
            "figcaption", f"{failure.shows_at} In the diagram it is red, with a cross."
        )
        yield element("figure", picture, caption)
    yield element(
        "ol",
        *(
            element("li", line, **({"class": "marked"} if at == failure.at else {}))
            for at, line in enumerate(failure.lines, 1)
        ),
    )
    if failure.plan:
        summary = element("summary", "The plan, as JSON")
        yield element("details", summary, element("pre", failure.plan))


def _profile(report: Report) -> Iterator[Element]:
    if report.profile:
        rows = [(printable(name, 80), printable(text)) for name, text in report.profile.items()]
        yield _section("What was measured", element("div", _facts(rows), class_="card"))


def _requirements(report: Report) -> Element:
    heads = (element("th", name, scope="col") for name in ("requirement", "asked", "verdict"))
    bodies = (_group(title, verdicts) for title, verdicts in report.groups)
    table = element(
        "table", element("thead", element("tr", *heads)), *bodies, class_="requirements"
    )
    return _section("All requirements", _choices(report), table)


def _group(title: str, verdicts: Sequence[Verdict]) -> Element:
    head = element("th", title, scope="colgroup", colspan=3)
    return element("tbody", element("tr", head, class_="group"), *map(_row, verdicts))


def _row(verdict: Verdict) -> Element:
    row = verdict.requirement
    is_shown = verdict.outcome in (*BROKEN, Outcome.WAIVED)
    told = printable(verdict.told, 120)
    return element(
        "tr",
        element(
            "th",
            row.id,
            element("br"),
            element("span", row.level, class_="soft small"),
            scope="row",
        ),
        element("td", row.clause),
        element(
            "td",
            element("a", told, href=f"#{row.id}", class_=_COLOURS[verdict.outcome])
            if is_shown
            else told,
            class_=f"verdict {_COLOURS[verdict.outcome]}",
        ),
        class_=f"is-{_word(verdict.outcome)}",
    )


def _choices(report: Report) -> Element:
    """Buttons that leave one outcome in the table; the style sheet does it."""
    outcomes = [row for row, counts in report.summary.items() if any(counts.values())]
    legend = element("legend", "Show")
    everything = _choice("all", "everything", checked="checked")
    return element(
        "fieldset", legend, everything, *(_choice(_word(row), str(row)) for row in outcomes)
    )


def _choice(word: str, text: str, **attributes: str) -> Element:
    button = element("input", type="radio", name="show", id=f"show-{word}", **attributes)
    return element("label", button, text)


def _filter(outcome: Outcome) -> str:
    """The style rule behind a button: what is of another outcome goes, and groups left empty."""
    word = _word(outcome)
    chosen = f"section:has(#show-{word}:checked)"
    return (
        f"{chosen} tr[class^=is-]:not(.is-{word}), "
        f"{chosen} tbody:not(:has(.is-{word})) {{ display: none; }}"
    )


def _word(outcome: Outcome) -> str:
    return outcome.lower().replace(" ", "-")


def _facts(rows: Sequence[tuple[str, str]]) -> Element:
    parts = [
        part
        for label, text in rows
        for part in (element("dt", label), element("dd", text, class_="text"))
    ]
    return element("dl", *parts)


def _section(title: str, *content: Element) -> Element:
    name = title.lower().replace(" ", "-")
    return element("section", element("h2", title, id=name), *content, aria_labelledby=name)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
