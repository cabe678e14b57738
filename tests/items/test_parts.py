"""Columns named by a vocabulary before rules look at them."""

from __future__ import annotations

import pytest

from extractor.items import find_items
from extractor.items.parts import RULES, NamedColumns
from extractor.items.tables import grids
from extractor.outline import build_outline
from extractor.types.document import Document
from extractor.types.item import Item
from tests.items.table_samples import make_document

# The rules know none of the headers, nor that 专班 are units: to them this is no table of tasks.
LEDGER = make_document(
    """
顺号|攻坚清单|抓总部门|销号时点
1|新建口袋公园12个，完善绿道照明设施|绿化专班|六月见效
2|改造背街小巷30条，规范沿街店招店牌|市容专班|九月见效
""",
    before="示例区2026年攻坚任务清单",
)
WORDS = {"攻坚清单": "hard", "抓总部门": "lead", "销号时点": "when"}


def items_of(document: Document, holds: dict[str, str]) -> list[Item]:
    parts = RULES.with_columns(holds) if holds else RULES
    return [item for item in find_items(document, build_outline(document), parts) if item.dropped is None]


def test_a_header_that_the_vocabulary_knows_is_a_header() -> None:
    assert items_of(LEDGER, {}) == []
    first, second = items_of(LEDGER, WORDS)
    text = LEDGER.text
    assert text[first.span.start : first.span.end] == "新建口袋公园12个，完善绿道照明设施"
    assert [(text[who.span.start : who.span.end], who.role) for who in first.who] == [("绿化专班", "lead")]
    assert [text[span.start : span.end] for span in second.when] == ["九月见效"]


@pytest.mark.parametrize(
    ("said", "kind", "role"),
    [("who", "who", "duty"), ("support", "who", "support"), ("leader", "who", "leader"), ("notes", "notes", None)],
)
def test_what_the_file_says_a_column_holds(said: str, kind: str, role: str | None) -> None:
    ((_, grid),) = grids(LEDGER, 0, RULES.with_columns(WORDS).known)
    column = NamedColumns({"抓总部门": said})(grid)[2]
    assert (column.kind, column.role) == (kind, role)


def test_the_rest_stays_with_the_reader_behind_it() -> None:
    ((_, grid),) = grids(LEDGER, 0, RULES.with_columns(WORDS).known)
    plain, named = RULES.columns(grid), NamedColumns({"抓总部门": "lead"})(grid)
    assert [at for at in range(4) if plain[at] != named[at]] == [2]
    assert NamedColumns({"抓总": "lead", "部门": "lead"})(grid) == plain, "parts of a header are no header"


def test_marks_and_a_year_in_a_header_named_by_the_vocabulary() -> None:
    document = make_document(
        """
序号|攻坚清单：|2031年测算数★|抓总部门
1|新建口袋公园|12个|绿化专班
2|改造背街小巷|30条|市容专班
"""
    )
    parts = RULES.with_columns({"2031年测算数": "target", "攻坚清单": "hard", "抓总部门": "lead"})
    ((_, grid),) = grids(document, 0, parts.known)
    assert [column.kind for column in parts.columns(grid)] == ["number", "hard", "target", "who"]
    assert parts.columns(grid)[2].year == 2031
    assert parts.known.search("抓总部门：".replace("：", ":"))


def test_a_header_of_two_rows_goes_by_its_lowest_known_part() -> None:
    document = make_document(
        """
序号|工作任务|专班设置|<
^|^|抓总|帮办
1|新建口袋公园12个，完善绿道照明设施|绿化队|市容队
2|改造背街小巷30条，规范沿街店招店牌|市容队|绿化队
"""
    )
    ((_, grid),) = grids(document, 0)
    columns = NamedColumns({"专班设置": "notes", "抓总": "lead"})(grid)
    assert [(column.kind, column.role) for column in columns[2:]] == [("who", "lead"), ("notes", None)]


def test_an_empty_column_holds_nothing() -> None:
    document = make_document("序号|工作任务|抓总部门\n1|新建口袋公园12个|\n2|改造背街小巷30条|")
    ((_, grid),) = grids(document, 0)
    assert NamedColumns({"抓总部门": "lead"})(grid) == RULES.columns(grid)
