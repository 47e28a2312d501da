"""The example of alerting rules: well formed, and about metrics that there are."""

import re
import shutil
import subprocess
from importlib.resources import files
from typing import Any

import promql_parser
import pytest
import yaml

from momo_client.edge.figures import FIGURES

FILE = files("momo_client").joinpath("alerts.yml")
GROUPS = yaml.safe_load(FILE.read_text("utf-8"))["groups"]
RULES = [rule for group in GROUPS for rule in group["rules"]]
LABELS = {figure.name: set(figure.labels) for figure in FIGURES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_is_whole_and_tells_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "action"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_expression_parses_and_asks_for_metrics_that_there_are(rule: dict[str, Any]) -> None:
    promql_parser.parse(rule["expr"])
    asked = re.findall(r"(momo_client_\w+)(?:{([^}]*)})?", rule["expr"])
    assert asked
    for name, selector in asked:
        assert set(re.findall(r"(\w+)=", selector)) <= LABELS[name]


def test_every_figure_that_only_people_can_mend_has_a_rule() -> None:
    expressions = " ".join(rule["expr"] for rule in RULES)
    for name in ("settlements_total", "token_failures_total", "open_reviews", "rounds_total"):
        assert f"momo_client_{name}" in expressions


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus")
def test_promtool_finds_nothing_wrong() -> None:
    subprocess.run(["promtool", "check", "rules", str(FILE)], check=True)
