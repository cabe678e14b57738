"""Where on a web page the article is."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from extractor.formats.html_css import DROPPED, is_hidden
from extractor.formats.html_table import is_data_table

_SHARE = 0.75  # of a container's own words that must be in one child to go down into it
_NAMED_SHARE = 0.5  # enough where the child's class or id says that it is the article
_MAIN_NAME = re.compile(
    r"trs_?editor|ucap-?content|view-?content|pages_content|article|content|zoom|detail|wznr|con_?text|news_?text|"
    r"js_content|txt",
    re.IGNORECASE,
)
_CONTAINERS = frozenset(
    ["body", "div", "section", "article", "main", "form", "center", "table", "tbody", "tr", "td", "span", "font"]
)
_SPACE = re.compile(r"\s+")


def find_main(body: HtmlElement) -> HtmlElement:
    """The innermost element that holds most of the page's words that are no links; ``body`` if none does.

    Never goes down into a data table or a paragraph, and stays where two parts of the page hold the words.
    """
    weights = _weights(body)
    node = body
    while True:
        total = weights.get(node, 0)
        best = max(node, key=lambda child: weights.get(child, 0), default=None)
        if best is None or best.tag not in _CONTAINERS or total == 0:
            return node
        names = f"{best.get('class', '')} {best.get('id', '')}"
        share = _NAMED_SHARE if _MAIN_NAME.search(names) else _SHARE
        if weights.get(best, 0) < share * total or (best.tag == "table" and is_data_table(best)):
            return node
        if best.tag in ("span", "font") and not len(best):
            return node
        node = best


def _weights(body: HtmlElement) -> dict[HtmlElement, int]:
    """Element → number of visible characters in it that are no link; absent for none."""
    weights: dict[HtmlElement, int] = {}
    skipped: set[HtmlElement] = set()
    order: list[HtmlElement] = []
    for element in body.iter():
        parent = element.getparent()
        if (
            parent in skipped
            or not isinstance(element.tag, str)
            or element.tag in DROPPED
            or is_hidden(element)
            or (element.tag == "a" and element.get("href") is not None)
        ):
            skipped.add(element)
        else:
            order.append(element)
    for element in reversed(order):
        own = _size(element.text) + sum(_size(child.tail) for child in element)
        weights[element] = own + sum(weights.get(child, 0) for child in element)
    return weights


def _size(text: str | None) -> int:
    return len(_SPACE.sub("", text)) if text else 0
