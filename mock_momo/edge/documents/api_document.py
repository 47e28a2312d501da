"""The API of one namespace as an OpenAPI document."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from mock_momo.core.settings import Settings
from momo_contracts import openapi


def api_document(product: str, settings: Settings, server: str = "/") -> Mapping[str, Any]:
    """What a namespace with these settings serves of a product; `server` is where it is."""
    return openapi.document(
        product, settings.switches, settings.target_environment, _schemas(), server
    )


@cache
def _schemas() -> Mapping[str, Mapping[str, Any]]:
    folder = files("momo_contracts") / "schemas"
    return {
        file.name.removesuffix(".json"): json.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
    }
