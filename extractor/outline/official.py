"""Official elements after GB/T 9704-2012: title, number, issuer, date, salutation, annexes; year, period and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from extractor.outline.frame import Frame, Signature
from extractor.outline.patterns import DATE, NUMBER, NUMBER_LINE, ORG, ORG_LINE, RED_HEAD, SIGNED_LINE
from extractor.outline.period import document_kind, period_of, year_of
from extractor.outline.titles import Title
from extractor.outline.units import Unit
from extractor.text.marks import cn_number
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.geometry import Span
from extractor.types.outline import Official

Meta = dict[str, tuple[str, Span]]
_NUMBER_KEYS = ("文号", "发文字号", "文件编号", "文件号")
_ISSUER_KEYS = ("发文机关", "发文单位", "制发机关", "制定机关")
_PUBLISHER_KEYS = ("发布机构", "发布单位", "发布机关", "公开机构", "公开责任部门")
_DATE_KEYS = ("成文日期", "成文时间", "生成日期", "发文日期", "发文时间", "印发日期")
_PUBLISHED_KEYS = ("发布日期", "发布时间", "公开日期", "公开时间")
_OFFICIAL_KEYS = frozenset({"索引号", "索取号", "信息索引号", *_NUMBER_KEYS, *_ISSUER_KEYS, *_PUBLISHER_KEYS})
_PUBLISHED = ("发布", "来源", "时间", "更新", "日期", "(发布", "(来源")
TITLE_KEYS = ("标题", "名称", "信息名称", "文件名称")

_SITE_TAG = re.compile(r"^【[^】]{1,8}】")
_STRICT_END = (
    r"(?:人民政府|政府|办公厅|办公室|委员会|管委会|总局|[局厅部署院]|(?<=[国省市县区州旗工])委|中心|领导小组|指挥部|总工会|联合会|大学|医院|公司|"
    r"协会|集团|法院|检察院|党委|党组)"
)
_TITLE_ISSUER = re.compile(
    rf"^([\u4e00-\u9fff]{{1,40}}?{_STRICT_END})(?=关于|印发|转发|20\d\d年|“十|贯彻|落实(?!局)|推进)"
)
_NOT_NUMBER = re.compile(r".*(?:通知|意见|函|办法|方案|规划|决定|公告|要点|细则|规定|》|[：:。\s])")


def read_official(document: Document, units: list[Unit], frame: Frame, meta: Meta) -> Official:
    """``Official`` without ``covered``, which the outline adds."""
    spans: dict[str, Span] = {}
    title = _title(document, units, frame, meta, spans)
    notice = frame.title.text if frame.title else ""
    signature = _signature(frame)
    number = _number(document, units, frame, meta, spans)
    issuer = _issuer(document, units, frame, signature, meta, spans)
    issued_on = _issued_on(document, units, frame, signature, meta, spans)
    period = period_of(title or "")
    return Official(
        title=title,
        document_number=number,
        issuer=issuer,
        issued_on=issued_on,
        year=year_of(title or "", notice, issued_on, number, units, frame.covered),
        period=period,
        kind=document_kind(title or "", notice, document, frame.cover),
        addressee=_addressee(document, units, frame, spans),
        attachments=_attachments(document, units, frame),
        spans=spans,
    )


def printed(document: Document, units: list[Unit], title: Title) -> tuple[str, Span]:
    """A title's words as the source prints them, its lines joined."""
    parts = [units[at].words(document, 0, len(units[at].text)) for at in range(title.first, title.last + 1)]
    return "".join(words for words, _ in parts), Span(parts[0][1].start, parts[-1][1].end)


def _title(document: Document, units: list[Unit], frame: Frame, meta: Meta, spans: dict[str, Span]) -> str | None:
    chosen = frame.laid[0] if len(frame.laid) == 1 else frame.above or frame.title
    main = next((annex for annex in frame.annexes if annex.main and annex.inline is not None), None)
    if main is not None and not frame.laid:
        words, span = units[main.at].words(document, main.inline or 0, len(units[main.at].text))
    elif chosen is not None:
        words, span = printed(document, units, chosen)
    else:
        named = _meta(meta, TITLE_KEYS) or _table_title(document)
        if named is None:
            return document.properties.get("title") or None if document.source.format == "html" else None
        words, span = named
    tag = _SITE_TAG.match(words)
    if tag is not None and tag.end() < len(words):
        words, span = words[tag.end() :].strip(), Span(span.start + tag.end(), span.end)
    spans["title"] = span
    return words


def _table_title(document: Document) -> tuple[str, Span] | None:
    """A first row that is one cell over the whole width names the table, and so a document that is one."""
    for table in document.tables[:1]:
        for cell in table.cells[:2]:
            text = make_view(document.text, cell.span).text
            if cell.colspan == table.n_cols > 1 and 5 <= len(text) <= 90 and "。" not in text:
                return text.replace("\n", ""), cell.span
    return None


def _meta(meta: Meta, keys: Iterable[str]) -> tuple[str, Span] | None:
    return next((meta[key] for key in keys if key in meta), None)


# --- number ---------------------------------------------------------------------------------------------


def _number(document: Document, units: list[Unit], frame: Frame, meta: Meta, spans: dict[str, Span]) -> str | None:
    """The document's own number: on a line of its own in the head, else in the metadata. Cited ones don't count."""
    limit = frame.laid[0].first if frame.laid else (frame.title.last + 8 if frame.title else 12)
    for at, unit in enumerate(units[: limit + 1]):
        if unit.table is not None or not unit.whole or len(unit.text) > 60 or unit.layer == "metadata":
            continue
        match = NUMBER_LINE.match(unit.text)
        if match is not None:
            spans["document_number"] = unit.head.span(match.start(1), match.end(3))
            return number_of(match)
        if frame.title is not None and at == frame.title.last:
            match = NUMBER.search(unit.text)
            if match is not None and match.end() >= len(unit.text) - 1 and "《" not in unit.text[match.start() :]:
                spans["document_number"] = unit.head.span(match.start(1), match.end(3))
                return number_of(match)
    listed = _meta(meta, _NUMBER_KEYS)
    if listed is not None:
        match = NUMBER.search(make_view(listed[0]).text)
        if match is not None:
            spans["document_number"] = listed[1]
            return number_of(match)
    return None


def number_of(match: re.Match[str]) -> str:
    """A matched 发文字号 with its brackets as 〔〕."""
    prefix = _NOT_NUMBER.sub("", match.group(1))
    return f"{prefix or match.group(1)}〔{match.group(2)}〕{int(match.group(3))}号"


# --- issuer and date ------------------------------------------------------------------------------------


def _signature(frame: Frame) -> Signature | None:
    """Of a cover notice the signature above what it lays down; else the last one before the annexes."""
    if frame.cover and frame.laid:
        above = [signature for signature in frame.signatures if signature.date < frame.laid[0].first]
        return above[0] if above else None
    first_annex = min((annex.at for annex in frame.annexes), default=None)
    before = [s for s in frame.signatures if first_annex is None or s.date < first_annex]
    return before[-1] if before else None


def _issuer(
    document: Document, units: list[Unit], frame: Frame, signature: Signature | None, meta: Meta, spans: dict[str, Span]
) -> str | None:
    if signature is not None:
        names = [name for at in signature.orgs for name in _orgs(document, units[at])]
        spans["issuer"] = Span(units[signature.orgs[0]].span.start, units[signature.orgs[-1]].span.end)
        return "、".join(dict.fromkeys(names))
    last = frame.title.first if frame.title else 6
    for unit in units[:last]:
        match = RED_HEAD.match(unit.text) if unit.whole and unit.table is None else None
        if match is not None and ORG_LINE.match(match.group(1)):
            words, spans["issuer"] = unit.words(document, 0, match.end(1))
            return words
    for keys in (_ISSUER_KEYS, _PUBLISHER_KEYS):
        if keys is _PUBLISHER_KEYS and (named := _issuer_in_title(document, units, frame, spans)) is not None:
            return named
        listed = _meta(meta, keys)
        if listed is not None:
            spans["issuer"] = listed[1]
            return "、".join(re.split(r"[,;、 ]+", listed[0]))
    return None


def _issuer_in_title(document: Document, units: list[Unit], frame: Frame, spans: dict[str, Span]) -> str | None:
    titles = [frame.title, *frame.laid] if len(frame.laid) <= 1 else [frame.title]
    for title in titles:
        if title is None:
            continue
        unit = units[title.first]
        text = unit.text if title.first == title.last else title.text
        match = _TITLE_ISSUER.match(text)
        if match is not None:
            end = min(match.end(1), len(unit.text))
            span = unit.head.span(0, end)
            spans["issuer"] = span
            return "、".join(_split_orgs(document.text[span.start : span.end], match.group(1)))
    return None


def _orgs(document: Document, unit: Unit) -> list[str]:
    match = SIGNED_LINE.match(unit.text)
    end = match.end("org") if match is not None else len(unit.text)
    span = unit.head.span(0, end)
    return _split_orgs(document.text[span.start : span.end], unit.text[:end].replace(" ", ""))


_ORG = re.compile(rf"^{ORG}$")


def _split_orgs(raw: str, folded: str) -> list[str]:
    """Several bodies that sign stand apart by blanks; letters of one name may be spaced out too."""
    parts = [part for part in re.split(r"[\s\u3000、]+", raw.strip()) if part]
    if len(parts) > 1 and all(len(part) >= 3 and _ORG.match(part) for part in parts):
        return parts
    return [folded.replace("\n", "").strip("、, ")]


def _issued_on(
    document: Document, units: list[Unit], frame: Frame, signature: Signature | None, meta: Meta, spans: dict[str, Span]
) -> str | None:
    if signature is not None:
        found = _date_in(units[signature.date], spans)
        if found is not None:
            return found
    for keys in (_DATE_KEYS, _PUBLISHED_KEYS):
        if keys is _PUBLISHED_KEYS and (own := _loose_date(units, frame, spans)) is not None:
            return own
        listed = _meta(meta, keys) if keys is _DATE_KEYS or _OFFICIAL_KEYS & meta.keys() else None
        if listed is not None and (found := read_date(make_view(listed[0]).text)) is not None:
            spans["issued_on"] = listed[1]
            return found
    return None


def _loose_date(units: list[Unit], frame: Frame, spans: dict[str, Span]) -> str | None:
    """A date line of the head or the end without an issuer, or the imprint's."""
    first = frame.title.last + 1 if frame.title else 0
    places = [*range(first, min(first + 4, len(units))), *range(len(units) - 1, max(first, len(units) - 6), -1)]
    for at in places:
        unit = units[at]
        if unit.layer == "metadata" or unit.text.startswith(_PUBLISHED):
            continue  # when a site put it up says nothing of when it was issued
        if unit.table is None and unit.whole and at in frame.covered and len(unit.text) <= 60:
            found = _date_in(unit, spans)
            if found is not None:
                return found
    return None


def _date_in(unit: Unit, spans: dict[str, Span]) -> str | None:
    match = DATE.search(unit.text)
    found = read_date(unit.text)
    if match is not None and found is not None:
        spans["issued_on"] = unit.head.span(match.start(), match.end())
    return found


def read_date(text: str) -> str | None:
    """The first date in a normalised text as ISO; None where there is none or it is no calendar day."""
    match = DATE.search(text)
    if match is None:
        return None
    year, month, day = (_number_of(part) for part in match.groups()[:3])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _number_of(words: str) -> int:
    words = re.sub(r"[○ОOo0](?!\d)", "〇", words) if not words.isdigit() else words
    words = words.replace("廿", "二十").replace("卅", "三十")
    return cn_number(words) or 0


# --- salutation, annexes --------------------------------------------------------------------------------


def _addressee(document: Document, units: list[Unit], frame: Frame, spans: dict[str, Span]) -> str | None:
    if frame.addressee is None:
        return None
    unit = units[frame.addressee]
    words, spans["addressee"] = unit.words(document, 0, len(unit.text.rstrip(":")))
    return words


def _attachments(document: Document, units: list[Unit], frame: Frame) -> tuple[str, ...]:
    if frame.listed:
        return tuple(text for _, (text, _) in sorted(frame.listed.items()))
    names: list[str] = []
    for annex in frame.annexes:
        if annex.main:
            continue
        if annex.inline is not None:
            names.append(units[annex.at].words(document, annex.inline, len(units[annex.at].text))[0])
        elif annex.title is not None:
            names.append(printed(document, units, annex.title)[0])
    return tuple(names)
