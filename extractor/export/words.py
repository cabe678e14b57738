"""Parts of a record in the words that a person reads: one wording for the terminal and for the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.types.record import Deadline, Evidence, EvidencePart, IndicatorRecord, Role, Target

KINDS = {"target": "指标", "task": "任务", "bonus": "加分", "penalty": "扣分", "veto": "一票否决"}
_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "=", "approx": "约"}


def number(value: float) -> str:
    """35 for 35.0, 0.3333 as it is."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def threshold(target: Target) -> str:
    """``≥35%``, ``60–70%``, ``≥3条/月``; where no number is given, the words of the source."""
    if target.value is None:
        return target.raw or _SIGNS.get(target.op, "")
    unit = target.unit or ""
    per = f"/{target.per}" if target.per else ""
    if target.op == "between" and target.upper is not None:
        return f"{number(target.value)}–{number(target.upper)}{unit}{per}"
    return f"{_SIGNS.get(target.op, '')}{number(target.value)}{unit}{per}"


@dataclass(frozen=True, slots=True)
class TargetWords:
    """A target in words: ``lead`` is 或 or nothing, ``aside`` what narrows it, in brackets."""

    lead: str
    metric: str
    threshold: str
    aside: str

    @property
    def line(self) -> str:
        return f"{self.lead}{self.metric} {self.threshold}{self.aside}"


def target_line(target: Target, *, plain_due: str | None = None) -> str:
    """Metric, threshold and what narrows it: ``农村低保标准 ≥35%（2022-12-31前；基数：2020年）``.

    ``plain_due`` is a day that need not be said here.
    """
    return _target_words(target, "", plain_due).line


def _target_words(target: Target, lead: str, plain_due: str | None) -> TargetWords:
    aside = [
        words
        for words in (
            target.scope,
            f"{target.due}前" if target.due and target.due != plain_due else None,
            f"基数：{target.baseline}" if target.baseline else None,
            target.raw if target.implicit else None,
            "力争" if target.strength == "strive" else None,
        )
        if words
    ]
    tail = f"（{'；'.join(aside)}）" if aside else ""
    return TargetWords(lead, target.metric, threshold(target), tail)


def target_lines(record: IndicatorRecord) -> list[str]:
    """A line for each target, as ``targets_words`` has it."""
    return [words.line for words in targets_words(record)]


def targets_words(record: IndicatorRecord) -> list[TargetWords]:
    """Each target in words; ways to comply that stand for each other are marked 或.

    A target's day is said only where it is not that of the record's one deadline.
    """
    day = record.deadlines[0].end if len(record.deadlines) == 1 else None
    lines: list[TargetWords] = []
    way = record.targets[0].alternative if record.targets else 0
    for target in record.targets:
        lines.append(_target_words(target, "或 " if target.alternative != way else "", day))
        way = target.alternative
    return lines


def deadline_words(deadline: Deadline) -> str:
    """As printed, with the last day allowed behind it where that is another wording."""
    day = _other_day(deadline)
    return f"{deadline.raw}（{day}）" if day else deadline.raw


def deadline_lines(record: IndicatorRecord) -> str:
    """The deadlines one below the other, each day on a line of its own."""
    pairs = ((one.raw, _other_day(one)) for one in record.deadlines)
    return "\n".join(words for pair in pairs for words in pair if words)


def _other_day(deadline: Deadline) -> str | None:
    return deadline.end if deadline.end and deadline.end not in deadline.raw else None


def names(record: IndicatorRecord, role: Role) -> str:
    """The names of one role, joined with 、."""
    return "、".join(one.name for one in record.responsible if one.role == role)


def points_words(record: IndicatorRecord) -> str:
    """``5``; ``每次扣3（最多10）`` for points by event; empty where there are none."""
    if record.points is None and record.points_cap is None:
        return ""
    verb = {"bonus": "加", "penalty": "扣"}.get(record.kind, "")
    words = f"{verb}{number(record.points)}" if record.points is not None else ""
    if record.per_occurrence:
        words = f"每次{words}"
    return f"{words}（最多{number(record.points_cap)}）" if record.points_cap is not None else words


def place(evidence: Evidence) -> str:
    """Where to look in the source, counted as a person counts: from 1. ``第3页 表2 5行1列``."""
    part: EvidencePart = evidence
    if part.page is None and part.cell is None and part.address is None and evidence.parts:
        part = evidence.parts[0]
    words = [f"第{part.page}页"] if part.page is not None else []
    if part.address is not None:
        words.append(part.address)
    elif part.cell is not None:
        table, row, column = part.cell
        words.append(f"表{table + 1} {row + 1}行{column + 1}列")
    elif part.paragraph is not None:
        words.append(f"第{part.paragraph + 1}段")
    return " ".join(words) or f"第{evidence.start + 1}字"
