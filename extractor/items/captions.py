"""Paragraphs that open with a label, as their neighbours do: 高速公路：建成…  普通国省道：改造…"""

from __future__ import annotations

import re

from extractor.text.brackets import read_who
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.outline import Outline, Section

_LABEL = re.compile(r"^(?![0-9(])([^,，。;；:：()（）、“”]{2,12})[:](?=[^\s:].{8,})")
_NO_TOPIC = re.compile(
    r"(?:单位|部门|时限|时间|责任|牵头|配合|如下|目标|措施|要求|包括|注|说明|备注|地址|电话|联系人|来源)$|^(?:到|至)?20\d\d年"
)


def caption_blocks(document: Document, outline: Outline) -> frozenset[int]:
    """Blocks of at least two paragraphs in a row, under the same headings, that open with a short label."""
    found: set[int] = set()
    run: list[Section] = []
    for section in (*outline.sections, None):
        if section is not None and document.blocks[section.block].table is None and _labelled(document, section):
            if run and run[-1].headings != section.headings:
                run = []
            run.append(section)
            if len(run) > 1:
                found.update(each.block for each in run)
        else:
            run = []
    return frozenset(found)


def _labelled(document: Document, section: Section) -> bool:
    view = make_view(document.text, section.body)
    match = _LABEL.match(view.text[:40])
    if match is None or _NO_TOPIC.search(match.group(1)):
        return False
    return read_who(document.text, section.body) is None
