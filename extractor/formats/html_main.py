"""Where on a web page the article is."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_CHROME_TAGS = frozenset({"nav", "footer", "aside", "menu"})
_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumb|crumbs?|footer|foot|copyright|sidebar|share|bdshare|toolbar|pager|"
    r"pagination|weizhi|position|dqwz|advert|ads?|banner|qrcode|ewm|search|login|related|recommend|xgwd|xglj|comment)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROSE, _STOPS = 150, 3  # characters, and sentence marks, that make a neighbour of the article part of it
_TABLE = 30  # Chinese characters that make a neighbour with a table part of it: more than a calendar has
_HAN = re.compile("[\u4e00-\u9fff]")
_SPACE = re.compile(r"\s+")
_MAX_DEPTH = 120


@dataclass(frozen=True, slots=True)
class Main:
    """The element that holds the article, those above it, and neighbours of these that hold prose or tables too."""

    element: HtmlElement
    above: frozenset[HtmlElement]
    kept: frozenset[HtmlElement]


def is_named_chrome(element: HtmlElement) -> bool:
    """Whether tag, class or id say that it is navigation, a footer, an advert …"""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in _CHROME_TAGS or _CHROME_NAME.search(names) is not None


def find_main(body: HtmlElement) -> Main:
    """The innermost element that holds most of the page's words that are no links; ``body`` if none does.

    Never goes down into a data table or a paragraph, and stays where two parts of the page hold the words.
    """
    weights = _weights(body)
    node = body
    kept: list[HtmlElement] = []
    for _ in range(_MAX_DEPTH):
        best = _heavy_child(node, weights)
        if best is None:
            break
        kept += [child for child in node if child is not best and _is_article_too(child, weights.get(child, 0))]
        node = best
    return Main(node, frozenset(node.iterancestors()), frozenset(kept))


def _heavy_child(node: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement | None:
    best = max(node, key=lambda child: weights.get(child, 0), default=None)
    if best is None or best.tag not in _CONTAINERS or not weights.get(best):
        return None
    names = f"{best.get('class', '')} {best.get('id', '')}"
    share = _NAMED_SHARE if _MAIN_NAME.search(names) else _SHARE
    if weights[best] < share * weights.get(node, 0) or (best.tag == "table" and is_data_table(best)):
        return None
    return None if best.tag in ("span", "font") and not len(best) else best


def _is_article_too(element: HtmlElement, weight: int) -> bool:
    """Whether a neighbour holds prose or a table of its own: an annex, a second column of the text."""
    if not isinstance(element.tag, str) or element.tag in DROPPED or is_hidden(element) or is_named_chrome(element):
        return False
    if weight >= _PROSE and sum(element.text_content().count(mark) for mark in "。；;") >= _STOPS:
        return True
    return (
        weight >= _TABLE
        and len(_HAN.findall(element.text_content())) >= _TABLE
        and any(is_data_table(table) for table in element.iter("table"))
    )


def _weights(body: HtmlElement) -> dict[HtmlElement, int]:
    """Element → number of visible characters in it that are no link; absent for none."""
    weights: dict[HtmlElement, int] = {}
    skipped: set[HtmlElement] = set()
    order: list[HtmlElement] = []
    for element in body.iter():
        parent = element.getparent()
        is_link = element.tag == "a" and element.get("href") is not None
        if (
            parent in skipped
            or not isinstance(element.tag, str)
            or element.tag in DROPPED
            or is_hidden(element)
            or is_link
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
