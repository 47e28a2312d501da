"""Reports as files."""

import os
from collections.abc import Mapping
from pathlib import Path

from momo_conformance.errors import UnwritableReport
from momo_conformance.reports.html_report import write_html
from momo_conformance.reports.json_report import write_json
from momo_conformance.reports.junit import write_junit
from momo_conformance.reports.markdown import write_markdown
from momo_conformance.reports.report import Report


def obstacle(path: Path) -> str:
    """What will keep a file from being written here, as far as that shows; empty when nothing.

    Folders that are not there will be made.
    """
    try:
        if path.is_dir():
            return f"{path} is a folder"
        nearest = next(row for row in (path, *path.absolute().parents) if row.exists())
    except OSError as problem:
        return f"{path}: {problem.strerror}"
    if nearest != path and not nearest.is_dir():
        return f"{nearest} is no folder"
    return "" if os.access(nearest, os.W_OK) else f"{nearest} is not writable"


def save_baseline(text: str, path: Path) -> None:
    """Write a baseline. Raises UnwritableReport."""
    _raise_any([_save(path, text)])


def save_reports(
    report: Report,
    *,
    junit: Path | None = None,
    json: Path | None = None,
    markdown: Path | None = None,
    html: Path | None = None,
) -> None:
    """Write each report that has a path; folders are made.

    Raises UnwritableReport, once all that can be written is, naming each that could not be.
    """
    wanted = ((junit, write_junit), (json, write_json), (markdown, write_markdown))
    problems = [_save(path, write(report)) for path, write in (*wanted, (html, write_html)) if path]
    _raise_any(problems)


def save_plans(report: Report, folder: Path) -> Mapping[str, Path]:
    """Write the plan of everything broken, named by its requirement; the paths by requirement id.

    Raises UnwritableReport.
    """
    plans = {row.id: row.plan for row in report.failures if row.plan}
    paths = {name: folder / f"{name}.json" for name in plans}
    _raise_any([_save(paths[name], f"{plan}\n") for name, plan in plans.items()])
    return paths


def _save(path: Path, text: str) -> str:
    """Write a file; says what kept it from being written, empty when nothing did."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        return f"{path}: {problem.strerror or problem}"
    return ""


def _raise_any(problems: list[str]) -> None:
    told = [problem for problem in problems if problem]
    if told:
        raise UnwritableReport(f"cannot write {'; '.join(told)}")
