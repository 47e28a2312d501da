"""The rules of a namespace, shown and replaced."""

from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import RulesMessage, read
from mock_momo.edge.documents.rule_messages import describe_rule, rules_from


async def _show(_visit: Visit, namespace: Namespace) -> Answer:
    book = namespace.rulebook
    rows = [describe_rule(rule) | {"strikes": book.strikes[rule.name]} for rule in book.rules]
    return json_answer({"rules": rows})


async def _put(visit: Visit, namespace: Namespace) -> Answer:
    namespace.rule(rules_from(read(RulesMessage, visit.content).rules))
    return await _show(visit, namespace)


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/rules",
        "the rules in force, and how often each has struck",
        of_namespace=_show,
    ),
    Route(
        "PUT",
        "namespaces/{namespace}/rules",
        "puts other rules in force; what has arrived before is forgotten",
        of_namespace=_put,
        body=RulesMessage,
    ),
)
