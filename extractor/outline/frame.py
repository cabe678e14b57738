"""The frame of a document: title, cover notice, salutation, signature, contents, imprint; and where annexes start."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.outline.annexes import Annex, find_annexes
from extractor.outline.patterns import (
    ADDRESSEE,
    CHROME,
    CONTENTS,
    CONTENTS_LINE,
    COVER,
    COVER_DATE_LINE,
    DATE_LINE,
    DOTS,
    IMPRINT,
    IMPRINT_LINE,
    NAMED,
    NUMBER_LINE,
    ORG_LINE,
    RED_HEAD,
    SIGNED_LINE,
    TITLE_END,
    TRANSMITTAL,
)
from extractor.outline.titles import Title, is_title_line, squeeze, title_at
from extractor.outline.units import Unit

_HEAD_UNITS = 40
_COVER_UNITS = 6
_CONTENT = frozenset({"cn", "cn_paren", "chapter", "section", "article", "arabic", "part", "box"})


@dataclass(frozen=True, slots=True)
class Signature:
    """Units that sign (issuers, then the date)."""

    units: tuple[int, ...]
    orgs: tuple[int, ...]
    date: int


@dataclass
class Frame:
    """Positions in the list of units. ``covered``: units that hold no item; ``laid``: the titles of what a cover
    notice lays down, one as a rule; ``above``: such a title printed above the notice itself.
    """

    title: Title | None = None
    laid: list[Title] = field(default_factory=list)
    above: Title | None = None
    cover: bool = False
    named: str | None = None
    addressee: int | None = None
    signatures: list[Signature] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)
    listed: dict[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    covered: set[int] = field(default_factory=set)


def read_frame(units: list[Unit], metadata: set[int], named: str | None) -> Frame:
    """``metadata`` are the units of a web page's metadata block, ``named`` the title it prints."""
    frame = Frame(covered=set(metadata))
    frame.title = find_title(units, metadata, named)
    if frame.title is not None:
        _repeated_title(units, frame, frame.title)
    start = frame.title.last + 1 if frame.title else 0
    frame.covered.update(at for at in range(start) if units[at].table is None)
    _cover_contents(units, frame)
    frame.signatures = find_signatures(units, start)
    if frame.title is not None and not frame.signatures:
        frame.signatures = find_signatures(
            units[: frame.title.first], 0
        )  # a letter that prints its annex's title alone
    _find_laid(units, frame, start)
    skip = {at for title in frame.laid for at in range(title.first, title.last + 1)}
    frame.annexes, frame.listed, lines = find_annexes(units, start, frame.named, skip)
    frame.covered |= lines
    _cover_head(units, frame, start)
    for signature in frame.signatures:
        frame.covered.update(signature.units)
    _cover_ends(units, frame)
    return frame


# --- the title ------------------------------------------------------------------------------------------


def head_end(units: list[Unit], metadata: set[int]) -> int:
    """The first unit that can't belong to the head: a numbered paragraph, a table, long text without a colon."""
    for at, unit in enumerate(units[:_HEAD_UNITS]):
        if at in metadata:
            continue
        if unit.table is not None or (unit.mark is not None and unit.mark.kind in _CONTENT and unit.mark.number == 1):
            return at
    return min(len(units), _HEAD_UNITS)


def find_title(units: list[Unit], metadata: set[int], named: str | None) -> Title | None:
    """The document's own title: as the metadata names it, else the first lines that end as titles do."""
    limit = head_end(units, metadata)
    positions = [at for at in range(limit) if at not in metadata]
    if named:
        for at in positions:
            title = title_at(units, at, wanted=named)
            if title is not None:
                return title
    candidates = [title for at in positions if (title := title_at(units, at)) is not None]
    good = [title for title in candidates if len(title.text) >= 7 or _styled(units[title.first])]
    if good:
        return _with_issuer(units, good[0])
    for at in positions:
        style = units[at].style
        if is_title_line(units[at]) and style is not None and style.level == 1:
            return Title(at, at, units[at].text)
    for at in positions:
        if is_title_line(units[at]) and len(units[at].text) >= 8 and _styled(units[at]):
            return Title(at, at, units[at].text)
    return _line_before_content(units, positions, limit)


def _styled(unit: Unit) -> bool:
    style = unit.style
    return style is not None and (style.centered or style.level is not None)


def _with_issuer(units: list[Unit], title: Title) -> Title:
    """A line 某某局 above 关于…的通知 belongs to the title."""
    above = title.first - 1
    if title.text.startswith("关于") and above >= 0 and ORG_LINE.match(units[above].text):
        return Title(above, title.last, units[above].text + title.text)
    return title


def _line_before_content(units: list[Unit], positions: list[int], limit: int) -> Title | None:
    """Where nothing ends as titles do: a line right above the first table, or the first line of all."""
    lines = [at for at in positions if is_title_line(units[at]) and len(units[at].text) >= 5]
    if not lines:
        return None
    if limit < len(units) and units[limit].table is not None and lines[-1] == limit - 1:
        return Title(lines[-1], lines[-1], units[lines[-1]].text)
    first = lines[0]
    if first == positions[0] and not ORG_LINE.match(units[first].text):
        return Title(first, first, units[first].text)
    return None


def _repeated_title(units: list[Unit], frame: Frame, first: Title) -> None:
    """A page that prints the title above a notice: the same once more, or the title of what the notice lays down."""
    for at in range(first.last + 1, min(first.last + 12, len(units))):
        mark = units[at].mark
        if units[at].table is not None or (mark is not None and mark.number == 1):
            return
        again = title_at(units, at, wanted=first.text)
        if again is not None:
            frame.title = _with_issuer(units, again)
            return
        title = title_at(units, at)
        match = COVER.search(title.text) if title is not None else None
        if title is None or match is None:
            continue
        name = match.group("plain") or match.group("names")
        if squeeze(name).startswith(squeeze(first.text)):
            frame.title, frame.above = title, first
            return


# --- what a cover notice lays down ------------------------------------------------------------------------


def _find_laid(units: list[Unit], frame: Frame, start: int) -> None:
    match = COVER.search(frame.title.text) if frame.title is not None else None
    if match is None:
        return
    plain = match.group("plain")
    names = NAMED.findall(match.group("names")) if match.group("names") else [plain]
    frame.named = names[0]
    for name in names:
        found = _laid_title(units, start, name, frame)
        if found is not None:
            frame.laid.append(found)
    if not frame.laid:
        frame.laid = _laid_by_transmittal(units, start, frame)
    if not frame.laid:
        after = _after_signature(units, frame, names[0])
        frame.laid = [after] if after is not None else []
    frame.cover = bool(frame.laid or frame.above)
    if frame.laid:
        for title in frame.laid:
            frame.covered.update(range(title.first, title.last + 1))


def _laid_title(units: list[Unit], start: int, name: str, frame: Frame) -> Title | None:
    """Where the name stands as a title of its own; in a list of annexes it does not count."""
    last: Title | None = None
    opening = squeeze(name)[:2]
    for at in range(start, len(units)):
        if at in frame.covered or squeeze(units[at].text[:16])[:2] != opening or not is_title_line(units[at]):
            continue
        title = title_at(units, at, wanted=name)
        if title is None:
            continue
        last = title
        after = units[title.last + 1] if title.last + 1 < len(units) else None
        if after is not None and not _ends_notice(after):
            return title
    return last


def _ends_notice(unit: Unit) -> bool:
    text = unit.text
    return bool(DATE_LINE.match(text) or SIGNED_LINE.match(text) or (ORG_LINE.match(text) and len(text) < 30))


def _laid_by_transmittal(units: list[Unit], start: int, frame: Frame) -> list[Title]:
    """Several documents laid down at once are named where they are handed on."""
    for at in range(start, min(start + 8, len(units))):
        if not TRANSMITTAL.search(units[at].text) and "印发" not in units[at].text and "《" not in units[at].text[:2]:
            continue
        names = NAMED.findall(units[at].text)
        found = [title for name in names if (title := _laid_title(units, at + 1, name, frame)) is not None]
        if found:
            return sorted({title.first: title for title in found}.values(), key=lambda title: title.first)
    return []


def _after_signature(units: list[Unit], frame: Frame, name: str) -> Title | None:
    """A title below the notice's signature whose words are mostly those announced."""
    if not frame.signatures:
        return None
    low = frame.signatures[0].units[-1] + 1
    goal = set(squeeze(name))
    for at in range(low, min(low + 12, len(units))):
        title = title_at(units, at)
        if title is not None and len(goal & set(squeeze(title.text))) >= 0.7 * len(goal):
            return title
    return None


# --- head, signature, ends ------------------------------------------------------------------------------


def find_signatures(units: list[Unit], start: int) -> list[Signature]:
    """Lines of issuers followed by a date, or both in one line."""
    found: list[Signature] = []
    for at in range(start, len(units)):
        unit = units[at]
        if not unit.whole or unit.table is not None or unit.mark is not None:
            continue
        if SIGNED_LINE.match(unit.text) and not unit.text.endswith("印发"):
            found.append(Signature((at,), (at,), at))
        elif DATE_LINE.match(unit.text) or (at < start + _COVER_UNITS and COVER_DATE_LINE.match(unit.text)):
            orgs: list[int] = []
            above = at - 1
            while above >= start and len(at_text := units[above].text) <= 40 and ORG_LINE.match(at_text):
                if units[above].table is not None or units[above].mark is not None:
                    break
                orgs.insert(0, above)
                above -= 1
            if orgs:
                found.append(Signature((*orgs, at), tuple(orgs), at))
    return found


def _cover_head(units: list[Unit], frame: Frame, start: int) -> None:
    """Salutation, number and date lines below the title, and the sentence that hands the document on."""
    for at in range(start, min(start + 12, len(units))):
        unit = units[at]
        if unit.table is not None or (unit.mark is not None and unit.mark.kind in _CONTENT and unit.mark.number == 1):
            break
        if at in frame.covered:
            continue
        text = unit.text
        salutation = ADDRESSEE.match(text) if unit.whole else None
        if salutation is not None and salutation.end() == len(text) and frame.addressee is None:
            frame.addressee = at
            frame.covered.add(at)
        elif (unit.whole and (DATE_LINE.match(text) or NUMBER_LINE.match(text) or RED_HEAD.match(text))) or (
            unit.whole and len(text) <= 40 and _byline(text)
        ):
            frame.covered.add(at)
    handed = _transmittals(units, frame, start)
    frame.covered |= handed
    for at in sorted(handed):
        _undated_signature(units, frame, at + 1)


def _undated_signature(units: list[Unit], frame: Frame, at: int) -> None:
    """The issuer below the notice's text, where no date follows."""
    if at >= len(units) or at in {place for signature in frame.signatures for place in signature.units}:
        return
    unit = units[at]
    if unit.table is None and unit.mark is None and len(unit.text) <= 30 and ORG_LINE.match(unit.text):
        frame.signatures.insert(0, Signature((at,), (at,), at))


_BYLINE = re.compile(r"^(?:来源|发布(?:时间|日期|机构)|时间|作者|编辑|字号|浏览|点击|文号|日期|发文)|^\([^()]{4,36}\)$")


def _byline(text: str) -> bool:
    return bool(_BYLINE.match(text) and not TITLE_END.search(text)) or bool(CHROME.search(text))


def _transmittals(units: list[Unit], frame: Frame, start: int) -> set[int]:
    """Paragraphs of the notice's opening that do no more than hand the document on."""
    end = frame.laid[0].first if frame.laid else min(start + 8, len(units))
    found: set[int] = set()
    for at in range(start, end):
        unit = units[at]
        if unit.table is not None or unit.mark is not None or at in frame.covered:
            if unit.mark is not None and unit.mark.kind in _CONTENT:
                break
            continue
        if hands_on(unit.text):
            found.add(at)
    return found


_HANDS_ON = re.compile(
    r"(?:现|特|一并|予以|同意)[^。]{0,160}?(?:印发|转发|下发|下达|发给|颁布|颁发|公布|发布)[^。]{0,24}(?:你|各|如下|请|。|,|$)|"
    r"(?:印发|转发|下发|下达|发)给你[们局市县省厅]|现(?:就|将)[^。]{0,80}(?:通知如下|意见如下|公告如下|函告如下)"
)


_ASKS = re.compile(
    r"\d\s?(?:%|个|户|家|所|万|亿|人|亩|张|公里|条|件|份)|\d\s?月(?:\d{1,2}日|底|末|[上中下]旬)?(?:之|以)?前|[日周季年]底?前|每[年季月周日]"
)


def hands_on(text: str) -> bool:
    """Whether a paragraph hands a document on (现印发给你们，请认真贯彻执行) and asks for nothing measurable."""
    return _HANDS_ON.search(text) is not None and _ASKS.search(NAMED.sub("", text)) is None


def _cover_contents(units: list[Unit], frame: Frame) -> None:
    """A table of contents: the word 目录 and the lines below it that stand again as headings later, or dotted."""
    for at, unit in enumerate(units[:200]):
        if not (unit.whole and CONTENTS.match(unit.text.replace(" ", ""))):
            continue
        frame.covered.add(at)
        below = at + 1
        later = {squeeze(other.text): where for where, other in enumerate(units) if other.whole and where > at + 1}
        while below < len(units) and units[below].table is None:
            text = units[below].text
            key = squeeze(re.sub(r"[\d.…· ]+$", "", text))
            if not (DOTS.search(text) or CONTENTS_LINE.search(text) or later.get(key, 0) > below):
                break
            frame.covered.add(below)
            below += 1
        return
    for at, unit in enumerate(units[:200]):
        if unit.whole and DOTS.search(unit.text) and CONTENTS_LINE.search(unit.text):
            frame.covered.add(at)


def _cover_ends(units: list[Unit], frame: Frame) -> None:
    """Imprint and contact lines wherever they stand; chrome at the end."""
    for at, unit in enumerate(units):
        if unit.table is not None or unit.mark is not None or not unit.whole:
            continue
        if (IMPRINT.match(unit.text) and len(unit.text) <= 90) or IMPRINT_LINE.search(unit.text):
            frame.covered.add(at)
    for at in range(len(units) - 1, max(-1, len(units) - 40), -1):
        unit = units[at]
        if at in frame.covered:
            continue
        if unit.table is not None or unit.mark is not None or not CHROME.search(unit.text):
            break
        frame.covered.add(at)
