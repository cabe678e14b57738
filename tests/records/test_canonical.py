from __future__ import annotations

from extractor.components import RULES
from extractor.pipeline import extract, extract_document
from extractor.records.canonical import with_canonical
from extractor.text.vocabulary import NO_WORDS, Words
from extractor.types.record import ExtractionFile, Responsible
from tests.export.samples import make_record

WORDS = Words(aliases={"发改委": "发展和改革委员会"})
NOTICE = "一、工作任务\n（一）年底前新建充电桩不少于20个。（责任单位：市发改委、市财政局）\n".encode()


def test_whole_names_follow_the_words_of_today() -> None:
    old = Responsible(name="市发改委", role="lead", canonical="市发展计划委员会")
    (record,) = with_canonical([make_record(0, (), "一", responsible=(old,))], WORDS)
    assert record.responsible[0].canonical == "市发展和改革委员会"
    (record,) = with_canonical([record], NO_WORDS)
    assert record.responsible[0].canonical is None


def test_persons_have_none() -> None:
    leader = Responsible(name="发改委", role="leader")
    record = make_record(0, (), "一", responsible=(leader,))
    assert with_canonical([record], WORDS) == (record,)


def test_the_contract_has_it_only_where_there_is_one() -> None:
    result = extract_document(extract(NOTICE).document, components=RULES.with_words(WORDS))
    assert all(one.canonical is None for record in result.records for one in record.responsible)
    made = result.to_contract()
    short, other = made.records[0].model_dump(mode="json")["responsible"]
    assert short["canonical"] == "市发展和改革委员会"
    assert "canonical" not in other
    assert ExtractionFile.model_validate_json(result.to_json()) == made
