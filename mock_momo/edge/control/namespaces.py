"""Namespaces: made, described, emptied, taken away."""

from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import (
    NamespaceMessage,
    SettingsMessage,
    check_name,
    describe_namespace,
    read,
    settings_from,
)
from mock_momo.edge.documents.rule_messages import rules_from
from mock_momo.errors import InvalidSetting


async def _list(visit: Visit) -> Answer:
    return json_answer({"namespaces": visit.services.registry.names()})


async def _put(visit: Visit) -> Answer:
    """Create the namespace, or empty it and give it these settings."""
    registry = visit.services.registry
    message = read(NamespaceMessage, visit.content)
    settings = settings_from(message, registry.defaults)
    rules = registry.default_rules if message.rules is None else rules_from(message.rules)
    namespace = registry.find(check_name(visit.names["namespace"]))
    if namespace is None:
        return json_answer(
            describe_namespace(registry.create(visit.names["namespace"], settings, rules)), 201
        )
    visit.services.gatekeeper.free(namespace.replace(visit.wall_ms, settings, rules))
    return json_answer(describe_namespace(namespace))


async def _describe(_visit: Visit, namespace: Namespace) -> Answer:
    return json_answer(describe_namespace(namespace))


async def _configure(visit: Visit, namespace: Namespace) -> Answer:
    """Give it other settings, and leave the rest of its world as it is."""
    visit.services.performer.catch_up(namespace)
    settings = settings_from(read(SettingsMessage, visit.content), namespace.settings)
    namespace.configure(settings, visit.wall_ms)
    return json_answer(describe_namespace(namespace))


async def _reset(visit: Visit, namespace: Namespace) -> Answer:
    visit.services.gatekeeper.free(namespace.reset(visit.wall_ms))
    return json_answer(describe_namespace(namespace))


async def _delete(visit: Visit, namespace: Namespace) -> Answer:
    if namespace.name == DEFAULT_NAMESPACE:
        raise InvalidSetting("the default namespace stays; POST …/reset empties it")
    visit.services.registry.remove(namespace)
    return json_answer({"removed": namespace.name})


ROUTES = (
    Route("GET", "namespaces", "the names of all namespaces", _list),
    Route(
        "PUT",
        "namespaces/{namespace}",
        "creates the namespace, or empties it; answers its credentials and prefix",
        _put,
        body=NamespaceMessage,
    ),
    Route("GET", "namespaces/{namespace}", "credentials, prefix, settings", of_namespace=_describe),
    Route(
        "PATCH",
        "namespaces/{namespace}",
        "gives it other settings; those left out, payments, tokens, clock and rules stay",
        of_namespace=_configure,
        body=SettingsMessage,
    ),
    Route("DELETE", "namespaces/{namespace}", "takes it away", of_namespace=_delete),
    Route(
        "POST",
        "namespaces/{namespace}/reset",
        "empties it: payments, tokens, API users, clock, gates; settings, rules and log stay",
        of_namespace=_reset,
    ),
)
