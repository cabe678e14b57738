"""Targets of a quota table's row: one for each filled cell, its measure read from the headings."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from extractor.records import lexicon as lx
from extractor.records.evidence import EvidenceFinder
from extractor.records.metric import merge
from extractor.text.view import make_view
from extractor.types.document import Document
from extractor.types.item import Item, QuotaCell
from extractor.types.record import Op, Target

_CELL = re.compile(
    r"^(?P<change>(?:累计|年均)?(?:下降|降低|减少|压减|增长|提高|增加|提升|上升)(?:到|至)?)?(?P<cue>[≥≤><＞＜]=?|不低于|不少于|不超过|不高于|大于|小于|超过|低于|达到|约|左右|\[|\(|【|〔)?\s*(?P<low>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit1>%|‰)?(?:\s*(?:-|~|—|至)\s*(?P<high>\d[\d,]*(?:\.\d+)?))?\s*(?P<unit>[^\d\s\])】〕]{0,12}?)?[\])】〕]?(?P<tail>以上|以下|以内|左右)?$"
)
_DEED_ONLY = re.compile(r"^(?:新建|改建|扩建|改造提升|改造|提升|新增|续建|修复|整治|治理|完成|创建|培育)$")
_OPS: dict[str, Op] = {
    "≥": "ge", ">=": "ge", "≤": "le", "<=": "le", ">": "gt", "<": "lt", "不低于": "ge", "不少于": "ge", "不超过": "le", "不高于": "le",
    "大于": "gt", "小于": "lt", "超过": "gt", "低于": "lt", "达到": "ge", "约": "approx", "以上": "ge", "以下": "le", "以内": "le", "左右": "approx",
}  # fmt: skip


def quota_targets(document: Document, item: Item, finder: EvidenceFinder, due: str | None) -> tuple[Target, ...]:
    """``due`` is the row's own, for cells that no year heads. A cell whose words hold no number (持续改善) gives no target."""
    made = (_target(document, item, cell, finder, due) for cell in item.quota)
    return tuple(target for target in made if target is not None)


def _target(document: Document, item: Item, cell: QuotaCell, finder: EvidenceFinder, due: str | None) -> Target | None:
    printed = make_view(document.text, cell.span).text.replace("\n", "")
    match = _CELL.match(printed)
    if match is None:
        return None
    low, high = _value(match["low"]), _value(match["high"])
    if low is None:
        return None
    metric = _metric(item, cell)
    change = re.sub(r"^累计", "", match["change"] or "")
    if change and not metric.endswith(change[-2:]):
        metric += change if not change.endswith(("到", "至")) else ""
    unit = match["unit1"] or _own_unit(match["unit"]) or cell.unit
    said = _OPS.get(match["cue"] or "") or _OPS.get(match["tail"] or "")
    op: Op = said or (
        "between"
        if high is not None
        else "le"
        if low == 0 or change in ("下降到", "下降至", "降低到", "降低至", "减少到", "压减到")
        else _bare(metric)
    )
    return Target(
        metric=metric, op=op, value=low, upper=high, unit=unit, baseline=cell.baseline,
        due=f"{cell.year}-12-31" if cell.year else due, scope=cell.scope, raw=printed, strength=cell.strength,
        evidence=finder.evidence(cell.span),
    )  # fmt: skip


def _metric(item: Item, cell: QuotaCell) -> str:
    """The headings joined; what is only a part (新建) takes the thing that the caption names."""
    parts = list(dict.fromkeys(part.text for part in cell.measure))
    if len(parts) == 2 and len(parts[1]) >= 3 and parts[0].startswith(parts[1][-2:]):
        return merge(parts[1], parts[0])  # 铁路营业里程, 其中：高速铁路
    metric = "".join(parts)
    if len(parts) == 1 and _DEED_ONLY.match(metric) and item.path:
        thing = re.sub(
            r"^20\d\d年度?|^(?:全[省市县区]|各[县市区]+)|(?:目标|建设|年度)?(?:任务|计划|指标|目标)?(?:分解|安排|分配|明细|下达|汇总|计划|任务)*表?$",
            "",
            item.path[-1].text,
        )
        thing = re.sub(r"(?:建设|工程)$", "", thing)
        return thing + metric if 2 <= len(thing) <= 12 else metric
    return metric


def _own_unit(words: str | None) -> str | None:
    words = (words or "").strip("以上下内左右")
    return words or None


def _bare(metric: str) -> Op:
    if re.search(r"(?:下降|降低|减少|压减|削减|减排|节约)[率量幅度]*$", metric):
        return "ge"
    return "le" if lx.LESS_IS_BETTER.search(metric) else "ge"


def _value(printed: str | None) -> int | float | None:
    if not printed:
        return None
    try:
        value = Decimal(printed.replace(",", ""))
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
