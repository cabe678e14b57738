"""What an element's tag and inline style say of its looks. Style sheets are not read."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

DROPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "select",
        "option",
        "datalist",
        "textarea",
        "button",
        "input",
        "iframe",
        "frame",
        "svg",
        "math",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "meta",
        "link",
        "title",
        "base",
        "colgroup",
        "col",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(\w+)", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(\w+)", re.IGNORECASE)


def is_hidden(element: HtmlElement) -> bool:
    """Whether its own attributes keep it from being shown."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def declared_center(element: HtmlElement) -> bool | None:
    """Whether the element says how it is aligned, and if so, whether centred."""
    if element.tag == "center":
        return True
    match = _ALIGN.search(element.get("style", ""))
    align = match[1] if match else element.get("align")
    return None if align is None else align.lower() == "center"


def is_centered(element: HtmlElement, inherited: bool) -> bool:
    """Whether its text is centred, given what it inherits."""
    return inherited or bool(declared_center(element))


def declared_weight(style: str) -> bool | None:
    """Whether an inline style says bold; None where it says nothing."""
    match = _WEIGHT.search(style)
    if match is None:
        return None
    return match[1].lower() in ("bold", "bolder", "600", "700", "800", "900")


def is_bold(tag: str) -> bool:
    """Whether a browser prints this element bold by itself."""
    return tag in ("b", "strong")
