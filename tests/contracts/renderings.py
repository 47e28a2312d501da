"""The OpenAPI documents that are kept beside the law: how they are made, and made anew.

`make openapi` writes them.
"""

import json
from importlib.resources import files
from pathlib import Path

from momo_contracts.openapi import PRODUCTS, Document, document
from momo_contracts.profiles import Profile
from momo_contracts.switches import Switches

SCHEMAS = {
    path.name.removesuffix(".json"): json.loads(path.read_text("utf-8"))
    for path in files("momo_contracts").joinpath("schemas").iterdir()
}
FOLDER = Path(__file__).parents[2] / "contracts" / "momo_contracts" / "openapi"


def rendered(product: str, profile: str = "sandbox", **chosen: str) -> Document:
    """The document of a product in a profile, with these switches chosen by hand."""
    row = Profile.of(profile)
    switches = Switches.of({**row.switches, **chosen})
    return document(product, switches, row.environment, SCHEMAS)


def text_of(product: str) -> str:
    """The document of the profile `sandbox`, as its file has it."""
    return json.dumps(rendered(product), indent=1) + "\n"


if __name__ == "__main__":
    for name in PRODUCTS:
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
