"""Opening words that give a date to what follows them: in a sentence (到年底，…；…) and above a list (到2025年：)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.text.marks import Mark, parse_mark
from extractor.text.view import View, make_view
from extractor.types.geometry import Span
from extractor.types.outline import Heading, Section

_LEAD_IN = re.compile(
    r"(?:^|(?<=[,:]))(?:力争|确保|争取)?(?:到|至|在)?(?:(?:20\d\d年|今年|本年)?(?:\d{1,2}月(?:\d{1,2}日|[上中下]旬)?|年)?[底末内](?:之?前)?|20\d\d年"
    r"|(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:之?前)|[“\"]?十[三四五六]五[”\"]?(?:末|期末|期间|时期)?|[一二三四]季度[底末]?前?|[上下]半年)(?=[,:])"
)
# The same above a list, where the verb may follow at once: 到2025年底前要达到以下目标：
_LIST_LEAD = re.compile(
    r"(?:^|(?<=[,:]))(?:力争|确保|争取)?(?:[到至在](?:20\d\d年|“?十[三四五六]五”?)(?:[底末]之?前?)?|(?:20\d\d年|今年|本年)?(?:\d{1,2}月(?:\d{1,2}日|[上中下]旬)?|年)?[底末内](?:之?前)?|(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:之?前)"
    r"|[一二三四]季度[底末]?前?|[上下]半年)(?=,|:|(?:要|应|须|需|力争|努力|全面|重点|基本)*(?:完成|实现|达到|达成|落实|做好|建成|形成)[^,。;]{0,30}:$)"
)
_BULLET = re.compile(r"[—\-–•●▪◆■◇○·]{1,2}\s?(?=[^\d\s—\-])")


@dataclass(frozen=True, slots=True)
class Lead:
    """A paragraph ending in ：, that holds for the list below it: below its own number ``kind``, under its headings.

    ``date``: by when what it leads to is to be done, where it says so.
    """

    words: Span
    date: Span | None
    kind: str | None
    headings: tuple[Heading, ...]

    def holds(self, section: Section, mark: Mark | None, view: View) -> bool:
        if section.headings[: len(self.headings)] != self.headings:
            return False
        deeper = section.headings[len(self.headings) :]
        marks = [mark, *(parse_mark(make_view(each.mark).text) for each in deeper if each.mark)]
        if any(each is not None and each.kind in ("article", self.kind) for each in marks):
            return False
        if deeper and not self.headings:
            return False  # else one sentence of an introduction would speak of the whole document
        return mark is not None or bool(deeper) or _BULLET.match(view.text) is not None


def last_lead(text: str, low: int, high: int) -> Span | None:
    """The last date that opens a clause of ``text[low:high]`` and is parted from it: 到年底，…"""
    found = [*_LEAD_IN.finditer(text[low:high])]
    return Span(low + found[-1].start(), low + found[-1].end()) if found else None


def list_lead(view: View, start: int, year: int | None) -> Span | None:
    """The date that opens what a paragraph ending in ： leads to: its last sentence. What was before ``year`` leads to
    what is so already.
    """
    words = view.text.rstrip()
    start = max(words.rfind("。") + 1, words.rfind(";") + 1, start)
    found = [*_LIST_LEAD.finditer(words[start:])]
    if not found or (year and any(int(each) < year for each in re.findall(r"20\d\d", found[-1].group()))):
        return None
    return view.span(start + found[-1].start(), start + found[-1].end())
