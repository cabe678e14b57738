"""Short names of units get the whole ones beside them, where the bureau's vocabulary has them."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.text.vocabulary import Words
from extractor.types.record import IndicatorRecord, Responsible


def with_canonical(records: Iterable[IndicatorRecord], words: Words) -> tuple[IndicatorRecord, ...]:
    """The records with ``canonical`` as ``words`` has it now, whatever stood there."""
    return tuple(_of_record(record, words) for record in records)


def _of_record(record: IndicatorRecord, words: Words) -> IndicatorRecord:
    named = tuple(_of_name(each, words) for each in record.responsible)
    return record if named == record.responsible else record.model_copy(update={"responsible": named})


def _of_name(one: Responsible, words: Words) -> Responsible:
    whole = None if one.role == "leader" else words.canonical(one.name)
    return one if whole == one.canonical else one.model_copy(update={"canonical": whole})
