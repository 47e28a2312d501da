"""Elements of XML and HTML, built so that no text can become markup."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

Element = ET.Element
Content = Element | str


def element(name: str, /, *content: Content, **attributes: object) -> Element:
    """An element with texts and elements in it.

    In a name of an attribute `_` stands for `-`, one at its end for nothing (`class_`).
    """
    given = {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items()}
    return fill(ET.Element(name, given), content)


def fill(parent: Element, content: Iterable[Content]) -> Element:
    """Add texts and elements to an element; returns it."""
    for part in content:
        if isinstance(part, Element):
            parent.append(part)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + part
        else:
            parent.text = (parent.text or "") + part
    return parent


def to_xml(root: Element) -> str:
    """A whole XML document, to be written as UTF-8; its elements stand on lines of their own."""
    ET.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"


def to_html(*parts: Element) -> str:
    """Elements as HTML, one after the other."""
    return "\n".join(ET.tostring(part, encoding="unicode", method="html") for part in parts)
