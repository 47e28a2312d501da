"""The example of alerting rules: well formed, and about metrics that there are."""

import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from promql_parser import Expr, MatrixSelector, VectorSelector, parse, walk

from momo_client.edge.figures import FIGURES
from momo_client.edge.metrics import Metrics
from tests.momo_client.happenings import happenings

FILE = files("momo_client").joinpath("alerts.yml")
GROUPS = yaml.safe_load(FILE.read_text("utf-8"))["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
SITUATIONS = Path(__file__).with_name("alert_situations.yml")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_is_whole_and_tells_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "action"}


def selectors_of(expression: str) -> list[VectorSelector]:
    found = []

    def note(node: Expr) -> None:
        if isinstance(node, VectorSelector):
            found.append(node)
        elif isinstance(node, MatrixSelector):
            found.append(node.vector_selector)

    walk(parse(expression), note)
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict[str, str]]]:
    """The labels of what a client shows, by metric, after one of every kind has happened."""
    metrics = Metrics()
    for event in happenings():
        metrics(event)
    labels: dict[str, list[dict[str, str]]] = {figure.name: [] for figure in FIGURES}
    for family in metrics.registry.collect():
        for sample in family.samples:
            labels.setdefault(sample.name, []).append(sample.labels)
    return labels


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_expression_asks_for_metrics_and_values_that_there_are(
    rule: dict[str, Any], shown: dict[str, list[dict[str, str]]]
) -> None:
    selectors = selectors_of(rule["expr"])
    assert selectors
    for selector in selectors:
        samples = shown[selector.name or ""]
        for matcher in selector.matchers.matchers:
            values = {labels[matcher.name] for labels in samples}
            assert set(matcher.value.split("|")) <= values


def test_every_figure_that_only_people_can_mend_has_a_rule() -> None:
    expressions = " ".join(rule["expr"] for rule in RULES)
    for name in ("settlements_total", "token_failures_total", "open_reviews", "rounds_total"):
        assert f"momo_client_{name}" in expressions


def test_every_rule_has_a_situation_in_which_it_fires() -> None:
    cases = yaml.safe_load(SITUATIONS.read_text("utf-8"))["tests"]
    asked = [question for case in cases for question in case["alert_rule_test"]]
    fired = {question["alertname"] for question in asked if question["exp_alerts"]}
    assert fired == {rule["alert"] for rule in RULES}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus")
@pytest.mark.parametrize(
    "words", [("check", "rules", FILE), ("test", "rules", SITUATIONS)], ids=["check", "test"]
)
def test_promtool_finds_nothing_wrong(words: tuple[object, ...]) -> None:
    done = subprocess.run(
        ["promtool", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
