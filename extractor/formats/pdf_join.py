"""Where a printed line's end is only the end of the room, and where the author broke the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.formats.pdf_lines import TextLine
from extractor.types.document import Line
from extractor.types.geometry import Span

_CLOSING = "，。；：！？、）》」』】〕〉)]}%％‰℃°,.;:!?…"
_OPENING = "（《「『【〔〈([+＋￥$"
_QUOTES = "“”‘’"
_WORD = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９.,．/+%％‰\-–~～]+")
_STOPS = "。；;！!？?：:"
_NUMBER = r"(?:[0-9０-９]{1,3}|[一二三四五六七八九十百零〇]{1,4})"
MARK = re.compile(
    r"\s*(?:"
    r"第[一二三四五六七八九十百零〇0-9]{1,5}[编章节条款]|"
    rf"[（(]\s*{_NUMBER}\s*[）)]|"
    r"[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[0-9０-９]{1,3}\s*[、．]|[0-9０-９]{1,3}\s*[.)）](?![0-9０-９%％])|"
    r"[①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩]|"
    r"[一二三四五六七八九十]是(?=[^否])|"
    r"[●○■□◆◇★☆▲△•·►▪]\s*\S|"
    r"(?:附件|附表|附录|专栏|表|图)\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[：:]|"
    r"——(?=[^\s—])"
    r")"
)
_VALUE = re.compile(r"[0-9０-９一二三四五六七八九十]+")


def starts_item(text: str) -> bool:
    """The line opens with a number mark, a bullet or a dash: something new begins."""
    return MARK.match(text) is not None


def ends_sentence(text: str) -> bool:
    """The words end with a full stop, semicolon, colon or the like, or with a quotation that does."""
    return text.rstrip()[-1:] in _STOPS or text.rstrip()[-2:] in ("。”", "！”", "；”", "。）", "。)", "？”")


def item_number(text: str) -> tuple[str, int] | None:
    """The form of a line's number mark (digits as #) and its number, where it has one."""
    match = MARK.match(text)
    value = _VALUE.search(match.group()) if match else None
    if match is None or value is None:
        return None
    return _VALUE.sub("#", match.group().strip()), _to_int(value.group())


def follows(last: tuple[str, int], text: str) -> bool:
    """``text`` opens with the number after ``last``, in its form; ``3.35岁以下`` does so after ``2.``."""
    shape, number = last
    value = _VALUE.search(text)
    if value is None or _to_int(value.group()) != number + 1:
        return False
    before, after = shape.split("#", 1)
    return text.startswith(before + value.group() + after)


def _to_int(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    total = 0
    for part in re.findall(r"[一二三四五六七八九]?十|[一二三四五六七八九]", digits):
        ones = "〇一二三四五六七八九".find(part[0])
        total += (max(ones, 1) * 10) if part.endswith("十") else ones
    return total


def first_unit(line: TextLine) -> float:
    """Width of what can't be parted at the line's start: a word or number with the marks that cling to it."""
    text, at = line.text, 1
    while at < len(text) and not _may_part(text[at - 1], text[at]):
        at += 1
    return line.edges[at] - line.edges[0]


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two characters (the gist of Unicode's UAX 14; curly quotes cling both ways)."""
    if after in _CLOSING or before in _OPENING or before in _QUOTES or after in _QUOTES:
        return False
    return not (_WORD.fullmatch(before) and _WORD.fullmatch(after))


def splits_word(line: TextLine, after: TextLine) -> bool:
    """A word or number of Latin letters or digits runs from one line into the next."""
    return bool(_WORD.fullmatch(line.text[-1:]) and _WORD.fullmatch(after.text[:1]))


def word_width(line: TextLine, after: TextLine) -> float:
    """Width of the word that is split between two lines, if it stood on one."""
    tail = 0
    while tail < len(line.text) and _WORD.fullmatch(line.text[-1 - tail]):
        tail += 1
    head = _WORD.match(after.text)
    left = line.edges[-1] - line.edges[len(line.text) - tail]
    return left + (after.edges[head.end()] - after.edges[0] if head else 0.0)


def fits(line: TextLine, after: TextLine, room: float, slack: float) -> bool:
    """The next line's first unit would have had room behind the line: somebody broke the line on purpose.

    ``room`` in points is what is left free behind the line, ``slack`` what must be left over in parts of the size.
    """
    return room > first_unit(after) + slack * max(line.size, 1.0)


@dataclass(frozen=True, slots=True)
class Composed:
    """Lines put together; spans of ``lines`` count in ``text``."""

    text: str
    lines: tuple[Line, ...]


def compose(lines: Sequence[TextLine], breaks: Sequence[bool]) -> Composed:
    """``breaks[i]`` tells whether a line feed stands between line ``i`` and the next."""
    pieces: list[str] = []
    placed: list[Line] = []
    at = 0
    for index, line in enumerate(lines):
        if index:
            glue = "\n" if breaks[index - 1] else _glue(lines[index - 1].text, line.text)
            pieces.append(glue)
            at += len(glue)
        pieces.append(line.text)
        placed.append(Line(Span(at, at + len(line.text)), line.page, line.box, line.edges))
        at += len(line.text)
    return Composed("".join(pieces), tuple(placed))


def _glue(before: str, after: str) -> str:
    """A blank between two Latin words, nothing elsewhere."""
    left, right = before[-1:], after[:1]
    return " " if left.isascii() and right.isascii() and left.isalpha() and right.isalpha() else ""
