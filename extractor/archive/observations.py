"""From one document's result to its observations: each target with its place, year, field and a comparable quantity."""

from __future__ import annotations

import re

from extractor.archive.domains import domain_of
from extractor.archive.places import place_named, place_of
from extractor.archive.quantities import quantity
from extractor.records import lexicon as lx
from extractor.types.archive import Observation, Place
from extractor.types.record import DocumentInfo, ExtractionFile, IndicatorRecord, Target

_TOTAL = re.compile(r"^(?:合计|总计|累计|全[国省市县区州盟旗镇乡](?:合计|总计)?|[省市县区](?:合计|总计|本级合计))$")
_ONLY_CHANGE = re.compile(
    r"^(?:同比|比上年|较上年|年均|累计|平均|每年|其中)*(?:增长|提高|提升|增加|上升|下降|降低|减少|压减|压缩|增速|增幅|降幅)[率幅度]?$"
)
_ONLY_MEASURE = re.compile(
    r"^(?:年度|本年|全年|累计|新增|计划|目标|任务|总)*(?:数量|个数|面积|总面积|人数|户数|规模|金额|比例|占比|比重|覆盖率|完成率|达标率|合格率|执行率|目标值|指标值|任务数|计划数|任务量|数)$|^20\d\d年度?(?:目标值?|任务数?|计划数?)?$"
)
_CAPTION = re.compile(
    r"^20\d\d年度?|^(?:全[省市县区]|各[县市区]+)|(?:目标|建设|年度|主要|工作)*(?:任务|计划|指标|目标)?(?:分解|安排|分配|明细|下达|汇总|计划|任务|一览)*表?$"
)


def observations(file: ExtractionFile) -> list[Observation]:
    """An observation for each target of each record that nobody rejected, in reading order.

    *Place*: that of the row where the target's scope is the name of one, with the document's above it; else the
    document's. *Object*: a scope that is no place, else who is assessed; a total row is the document's own, without an
    object. *Year*: that of the target's ``due``; else of the last deadline of its record that is a day and no rhythm; else the
    last of the plan's period, since what a plan leaves undated is for its end; else the year the document is of.
    *Metric*: as in the record, but where it is a bare measure or change (面积, 同比增长) it takes the thing before it or the
    heading. *Page* and offsets are the record's.
    """
    info = file.document
    home = place_of(info, (*([info.addressee] if info.addressee else []), *info.attachments))
    made: list[Observation] = []
    for record in file.records:
        if record.status == "rejected":
            continue
        thing = ""
        for at, target in enumerate(record.targets):
            metric = _metric(target.metric, thing, record)
            thing = thing if _ONLY_CHANGE.match(target.metric) else target.metric
            made.append(_observation(info, home, record, at, target, metric))
    return made


def _observation(
    info: DocumentInfo, home: Place | None, record: IndicatorRecord, at: int, target: Target, metric: str
) -> Observation:
    place, bound = _bound(target, record, home)
    page = record.evidence.page or next((part.page for part in record.evidence.parts if part.page is not None), None)
    return Observation(
        document=info.sha256, source=info.source_name, title=info.title, record_id=record.record_id, target=at,
        place=place, year=_year(target, record, info), document_year=_document_year(info),
        domain=domain_of(metric, record.path, record.text, info), object=bound, path=record.path, text=record.text,
        metric=metric, op=target.op, value=target.value, upper=target.upper, unit=target.unit, per=target.per,
        baseline=target.baseline, raw=target.raw, due=target.due, strength=target.strength,
        quantity=quantity(target.value, target.upper, target.unit, target.per, metric, target.op, target.raw),
        start=record.evidence.start, end=record.evidence.end, page=page,
    )  # fmt: skip


def _bound(target: Target, record: IndicatorRecord, home: Place | None) -> tuple[Place | None, str | None]:
    """The place that the target is for, and whom it binds besides."""
    if target.scope:
        place = place_named(target.scope, home)
        if place is not None:
            return place, None
        return home, None if _TOTAL.match(target.scope.strip()) else target.scope
    return home, "、".join(record.assessed) or None


def _year(target: Target, record: IndicatorRecord, info: DocumentInfo) -> int | None:
    if target.due is not None:
        return int(target.due[:4])
    others = {each.due for each in record.targets}  # 每月800元，到2025年达到850元: the 800 are not for 2025
    ends = [each.end for each in record.deadlines if each.end and each.end not in others and not each.recurrence]
    if ends:
        return int(max(ends)[:4])
    return info.period[1] if info.period is not None else _document_year(info)


def _document_year(info: DocumentInfo) -> int | None:
    return info.year if info.year is not None else int(info.issued_on[:4]) if info.issued_on is not None else None


def _metric(metric: str, thing: str, record: IndicatorRecord) -> str:
    """``metric``, completed where it says nothing of what is measured; ``thing`` is the metric before it."""
    if thing and _ONLY_CHANGE.match(metric):
        return thing + metric
    if not (_ONLY_CHANGE.match(metric) or _ONLY_MEASURE.match(metric)):
        return metric
    heading = _CAPTION.sub("", record.path[-1]) if record.path else ""
    return heading + metric if 2 <= len(heading) <= 14 and not lx.GENERIC.match(heading) else metric
