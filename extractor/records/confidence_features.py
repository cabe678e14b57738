"""What speaks for and against a record made by the rules, as named features: how it was cut, what had to be guessed,
and what the words around a metric look like. Numbers, years and places count by their being there, never by which.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extractor.records.confidence import confidence_of
from extractor.records.draft import Draft
from extractor.types.item import Item
from extractor.types.record import Deadline, Evidence, IndicatorRecord, Responsible, Target

Features = dict[str, float]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BARE = re.compile(r"[\d第前一二三四五六七八九十百千两半零〇０-９]")
_SEVERAL = re.compile(r"[各等]|有关|相关")
# A place's own name says nothing of whether the metric is whole: 云溪县 reads like 东陵县.
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,3}?(?:自治[区州县]|[省市州县镇乡]|(?<![地社园景校库辖城矿牧林山灌湾])区)(?=[\u4e00-\u9fff])"
)
_CUES = re.compile(
    r"其中|分别|均|或|以及|及|和|比|较|每|各|由|从|至|为|占|按|不含|力争|以上|以内|以下|累计|年均|新增|提高|下降|增长"
    r"|减少|控制|达到|完成|建成|保持|全部|全面|所有|不发生|[（(；;、：:“]"
)
_CUT = re.compile(r"[，,；;。：:]")
_LENGTHS = (2, 3, 4, 6, 8, 10, 13, 17, 22, 30, 40)
_LONG = (6, 15, 30, 50, 80, 120, 180, 260)
_FEW = (0, 1, 2, 3, 5, 8)


def record_features(record: IndicatorRecord, item: Item) -> Features:
    """Of the record as a whole: how it was cut and what its words hold; what its parts look like is told apart."""
    return dict(_of_record(record, item))


def _of_record(record: IndicatorRecord, item: Item) -> Iterator[tuple[str, float]]:
    text, targets = _plain(record.text), len(record.targets)
    yield "rules", 10.0 * (1.0 - confidence_of(record, item))
    yield f"origin={item.origin}", 1.0
    yield f"kind={record.kind}", 1.0
    yield f"{item.origin}/{record.kind}", 1.0
    yield f"targets={_bin(targets, _FEW)}", 1.0
    unread = len(_NUMBER.findall(record.text)) - targets - len(record.deadlines) if item.origin != "quota" else 0
    yield f"unread={_bin(max(unread, 0), _FEW)}", 1.0
    yield f"long={_bin(len(text), _LONG)}", 1.0
    yield f"clauses={_bin(len(_CUT.findall(text)), _FEW)}", 1.0
    yield f"depth={min(len(record.path), 4)}", 1.0
    yield f"numbered={item.number is not None}", 1.0
    if item.sure is not None:
        yield "judged", 1.0
        yield "doubted", 1.0 - item.sure
    for name in ("points", "row_points", "tier", "scoring_text", "notes", "points_cap"):
        if getattr(record, name) is not None:
            yield f"has={name}", 1.0
    if item.lead_in or item.thresholds:
        yield "lead in" if item.lead_in else "threshold", 1.0
    for cue in sorted(set(_CUES.findall(text))) if targets else ():
        yield f"says={cue}", 1.0
    yield from _of_lists(record)


def _of_lists(record: IndicatorRecord) -> Iterator[tuple[str, float]]:
    yield f"dates={_bin(len(record.deadlines), _FEW)}", 1.0
    yield f"names={_bin(len(record.responsible), _FEW)}", 1.0
    if any(outside(each.evidence, record) for each in record.deadlines):
        yield "dates inherited", 1.0
    if any(outside(each.evidence, record) for each in record.responsible):
        yield "names inherited", 1.0
    if len({target.due for target in record.targets}) > 1:
        yield "several dues", 1.0
    if len({target.unit for target in record.targets}) > 1:
        yield "several units", 1.0
    if any(len(each.name) > 16 or _SEVERAL.search(each.name) for each in record.responsible):
        yield "odd names", 1.0


def target_features(record: IndicatorRecord, item: Item, at: int, target: Target, draft: Draft | None) -> Features:
    """Of the ``at``-th target alone."""
    quota = item.origin == "quota"
    found = dict(_of_numbers(target, quota))
    found[f"t/first={at == 0}/{quota}"] = 1.0
    if draft is not None:
        found[f"t/certain={draft.certain}"] = 1.0
        if draft.sure is not None:
            found["t/chosen"], found["t/unsure"] = 1.0, 1.0 - draft.sure
    owner = record.targets[0].metric
    if at and len(target.metric) + 4 < len(owner) and target.metric[:2] != owner[:2]:
        found["t/shorter than the first"] = 1.0
    if any(other.metric == target.metric for other in record.targets[:at]):
        found["t/again"] = 1.0
    found.update(_of_metric(record.text, target, quota))
    return found


def _of_numbers(target: Target, quota: bool) -> Iterator[tuple[str, float]]:
    bare = target.op != "eq" and _BARE.match(target.raw or "") is not None
    yield f"t/op={target.op}/{'bare' if bare else 'said'}", 1.0
    unit = "none" if target.unit is None else "share" if target.unit in ("%", "个百分点", "‰") else "count"
    yield f"t/unit={unit}/{bare}/{quota}", 1.0
    for name in ("implicit", "alternative", "scope", "per", "baseline", "upper", "strength", "due"):
        if getattr(target, name):
            yield f"t/{name}", 1.0
    if target.value is None:
        yield "t/no value", 1.0
    if target.op == "eq" or target.raw is None:
        yield "t/odd", 1.0


def _of_metric(text: str, target: Target, quota: bool) -> Iterator[tuple[str, float]]:
    metric = target.metric
    unit = "share" if target.unit in ("%", "个百分点", "‰") else "count"
    words = _plain(metric)
    yield f"m/long={_bin(len(words), _LENGTHS)}/{'quota' if quota else unit}", 1.0
    if quota:
        return
    start = text.find(metric)
    if start < 0:
        yield f"m/composed/{unit}", 1.0
    else:
        before = _plain(text[max(start - 2, 0) : start])
        yield f"m/before={before[-1:] or '^'}", 1.0
        yield f"m/before2={before or '^'}", 1.0
        raw = text.find(target.raw or metric, start + len(metric))
        gap = raw - start - len(metric)
        yield f"m/gap={_bin(gap, _FEW) if raw >= 0 else 'no'}", 1.0
        if _CUT.search(text[:start]) is None:
            yield "m/opens", 1.0
    if _CUT.search(metric) or "、" in metric:
        yield "m/lists", 1.0
    if "的" in metric:
        yield "m/of", 1.0
    for cue in sorted(set(_CUES.findall(metric))):
        yield f"m/says={cue}", 1.0
    for size in (1, 2, 3):
        yield f"m/^{words[:size]}", 1.0
        yield f"m/{words[-size:]}$", 1.0


def _plain(words: str) -> str:
    return _NUMBER.sub("0", _PLACE.sub("地", words))


def date_features(record: IndicatorRecord, deadline: Deadline) -> Features:
    """Of one deadline."""
    raw = _plain(deadline.raw)
    found = {f"d/end={raw[-2:]}": 1.0, f"d/long={min(len(raw), 8)}": 1.0}
    found["d/inherited"] = float(outside(deadline.evidence, record))
    for name in ("by", "start", "end", "recurrence"):
        found[f"d/{name}"] = float(getattr(deadline, name) is not None)
    return found


def name_features(record: IndicatorRecord, who: Responsible) -> Features:
    """Of one of those responsible."""
    found = {f"w/{who.role}": 1.0, f"w/end={who.name[-1:]}": 1.0, f"w/long={_bin(len(who.name), _LENGTHS)}": 1.0}
    found["w/inherited"] = float(outside(who.evidence, record))
    found["w/several"] = float(_SEVERAL.search(who.name) is not None)
    return found


def outside(place: Evidence | None, record: IndicatorRecord) -> bool:
    """Whether it stands outside the record's own words."""
    return place is None or place.start < record.evidence.start or place.end > record.evidence.end


def _bin(value: int, edges: Sequence[int]) -> int:
    return bisect_left(edges, value)
