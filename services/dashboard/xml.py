"""XML written so that no text of an article can break it. Pure."""

import re
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even escaped (section 2.2)."""


def add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """A new last child."""
    child = SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    child.text = None if text is None else clean(text)
    return child


def clean(text: str) -> str:
    """The text with what XML cannot hold replaced."""
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: Element, namespace: str) -> bytes:
    """The bytes of a document whose elements are all in this namespace."""
    register_namespace("", namespace)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body
