"""What kind of record an item makes, and the points it gives or takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extractor.records.frame import Frame
from extractor.types.item import Item
from extractor.types.mention import PointsMention
from extractor.types.record import RecordKind

_BONUS_PATH = re.compile(r"加分|奖励(?:事项|分|项|指标|加分)|创新(?:加分|奖)|附加分")
_PENALTY_PATH = re.compile(r"[扣减]分|惩戒|负面(?:清单|事项)|减分事项|倒扣|处罚事项")
_VETO = re.compile(r"一票否决|考核[^,;。]{0,8}(?:定为|评为|确定为|直接为|降为)[“”]?(?:不合格|不达标|不称职|末等|差)")
_VETO_NAME = re.compile(r"一票否决(?:制|权|事项|项|指标|机制|制度)")


@dataclass(frozen=True, slots=True)
class Scoring:
    """``points`` by event for bonus and penalty, positive; ``cap`` the most that can be given or taken."""

    kind: RecordKind | None = None
    points: Decimal | None = None
    per_occurrence: bool = False
    cap: Decimal | None = None


def scoring_of(item: Item, frame: Frame) -> Scoring:
    """Bonus, penalty or veto as the item's own words say; ``kind`` None for what is merely scored."""
    path = "/".join(frame.path)
    leads = [words for words in frame.context if words.endswith((":", "："))]
    if any(_VETO.search(words) and not _VETO_NAME.search(words) for words in leads):
        return Scoring("veto")
    if (_VETO.search(frame.text) and not _VETO_NAME.search(frame.text)) or re.search(r"一票否决", path):
        return Scoring("veto")
    gives = [m for m in frame.points if m.kind == "bonus"]
    takes = [m for m in frame.points if m.kind == "penalty"]
    cap = next((m.cap if m.cap is not None else m.value for m in frame.points if m.kind == "cap"), None)
    if gives and (not takes or gives[0].span < takes[0].span) and (item.points is None or _BONUS_PATH.search(path)):
        return Scoring("bonus", *_one(gives), cap=cap or gives[0].cap)
    if (
        takes
        and (item.points is None or _PENALTY_PATH.search(path))
        and (_PENALTY_PATH.search(path) or item.row_points is None or not gives)
    ):
        return Scoring("penalty", *_one(takes), cap=cap or takes[0].cap)
    return Scoring()


def _one(mentions: list[PointsMention]) -> tuple[Decimal | None, bool]:
    """The points of the event; None where several are named (分别奖10分、5分、3分)."""
    values = {m.value for m in mentions}
    per = any(m.per_occurrence for m in mentions)
    return (next(iter(values)) if len(values) == 1 else None), per
