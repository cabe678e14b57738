"""The archive in the workspace: what it says, and that decisions hold, show at once and can be taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.archive.clusters import align
from extractor.errors import StoreError
from extractor.export.observations import COLUMNS
from extractor.store import archive, archive_pages, documents
from extractor.store.archive_pages import Wanted
from extractor.types.archive import Decision, Observation
from extractor.workspace.archive import LONGEST_NAME, Archive
from extractor.workspace.errors import DecisionRefused, NotFound
from extractor.workspace.service import Workspace, open_workspace
from tests.archive.aligned import ALL, INDICATORS, RATIO, ROADS, SHARE, fill
from tests.archive.observed import BEDS, CITY, again, indicator, observation
from tests.store.conftest import _schema

MAIN, ALIKE, ROAD = (one.id for one in INDICATORS)


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    if request.param == "sqlite":
        yield from _opened(tmp_path, None)
    else:
        with _schema(request.getfixturevalue("postgres")) as url:
            yield from _opened(tmp_path, url)


def _opened(folder: Path, url: str | None) -> Iterator[Workspace]:
    workspace = open_workspace(folder / "data", url)
    fill(workspace.database)
    yield workspace
    workspace.database.close()


@pytest.fixture
def held(workspace: Workspace) -> Archive:
    return workspace.archive


def groups(held: Archive) -> set[frozenset[str]]:
    """The observations as they are grouped now."""
    rows, _ = held.find(Wanted(limit=500))
    return {frozenset(one.id for one in held.indicator(row.id).observations) for row in rows}


def ids(*observations: Observation) -> frozenset[str]:
    return frozenset(one.id for one in observations)


# --- what it says -------------------------------------------------------------------------------------------


def test_an_empty_archive_says_so(own: Workspace) -> None:
    overview = own.archive.overview()
    assert (overview.at, overview.domains, overview.places, overview.whole.indicators) == (None, [], [], 0)
    assert own.archive.find(Wanted()) == ([], 0)
    assert own.archive.conflicts() == ([], 0)
    assert b"".join(own.archive.csv()).decode("utf-8-sig").splitlines() == [",".join(COLUMNS)]
    with pytest.raises(NotFound):
        own.archive.indicator("none")


def test_the_overview_counts(held: Archive) -> None:
    overview = held.overview()
    assert overview.at is not None
    assert (overview.whole.indicators, overview.whole.observations) == (3, len(ALL))
    assert [one.name for one in overview.domains] == ["养老服务", "交通运输"]
    assert overview.places[0][0] == "溪宁市"


def test_an_indicator_comes_with_all_that_its_page_says(workspace: Workspace) -> None:
    with workspace.database.write() as connection:
        documents.insert(connection, sha256=SHARE[0].document, name="要点.docx", size=1, uploaded_by="li")
    shown = workspace.archive.indicator(MAIN)
    assert shown.row.name == BEDS
    assert {one.id for one in shown.observations} == ids(*SHARE)
    assert [one.label for one in shown.timeline.series] == ["云岭省", "溪宁市", "岚川市", "青禾县"]
    assert {one.kind for one in shown.conflicts} == {"laxer", "differs"}
    assert len(shown.conflicts) == shown.row.conflicts
    assert shown.documents == {SHARE[0].document: SHARE[0].document[:20]}
    assert shown.decisions == []


def test_contradictions_come_with_both_sides(held: Archive) -> None:
    every, total = held.conflicts()
    assert total == len(every) > 1
    assert all(one.indicator == BEDS for one in every)
    assert all((one.first.id, one.second.id) == (one.conflict.first, one.conflict.second) for one in every)
    assert held.conflicts(kind="differs")[1] + held.conflicts(kind="laxer")[1] == total
    assert held.conflicts(domain="交通运输") == ([], 0)
    assert held.conflicts(offset=1, limit=1) == ([every[1]], total)


def test_the_download_has_a_row_for_each_observation(held: Archive) -> None:
    def rows(data: bytes) -> list[dict[str, str]]:
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    every = rows(b"".join(held.csv()))
    assert {row["observation"] for row in every} == ids(*ALL)
    own = rows(b"".join(held.csv(ROAD)))
    assert len(own) == 1
    told = own[0]
    assert (told["name"], told["indicator"], told["place"], told["place_parent"]) == (
        "新改建农村公路里程",
        ROAD,
        "溪宁市",
        "云岭省",
    )
    assert (told["year"], told["op"], told["value"], told["unit"], told["page"]) == ("2024", "ge", "80", "公里", "3")
    assert (told["path"], told["sha256"]) == ("一、养老服务", ROADS[0].document)
    with pytest.raises(NotFound):
        held.csv("none")


def test_words_of_a_document_are_no_formulas_in_a_spreadsheet(workspace: Workspace) -> None:
    bad = observation(1, metric="=1+1", document="@SUM(A1).docx", text='－2,\n"x"', object="+cmd|' /C calc'!A0")
    fill(workspace.database, [bad], [indicator(bad, name="=HYPERLINK(1)")])
    (row,) = csv.DictReader(io.StringIO(b"".join(workspace.archive.csv()).decode("utf-8-sig"), newline=""))
    dangerous = [value for name, value in row.items() if name != "base_value" and value[:1] in set("=+-@＝＋－＠")]
    assert dangerous == []
    assert (row["metric"], row["text"]) == ("'=1+1", '\'－2,\n"x"')


def test_a_large_download_comes_in_parts(workspace: Workspace) -> None:
    many = [observation(number, 2000, document=f"{number}.docx", text="字" * 200) for number in range(4000)]
    fill(workspace.database, many, [indicator(*many)])
    parts = list(workspace.archive.csv())
    assert len(parts) > 3
    assert b"".join(parts).decode("utf-8-sig").count("\n") == 4001


# --- decisions ----------------------------------------------------------------------------------------------


def test_two_indicators_are_merged_at_once_and_parted_again(workspace: Workspace) -> None:
    held = workspace.archive
    made = held.merge(MAIN, ALIKE, "li")
    assert made.indicators == [made.indicator]
    assert groups(held) == {ids(*SHARE, *RATIO), ids(*ROADS)}
    shown = held.indicator(made.indicator)
    assert shown.row.observations == len(SHARE) + len(RATIO)
    (row,) = shown.decisions
    assert (row.seq, row.decision.kind, row.decision.actor) == (1, "merge", "li")
    assert held.overview().whole.indicators == 2
    back = held.undo(made.seq, "wang")
    assert groups(held) == {ids(*SHARE), ids(*RATIO), ids(*ROADS)}
    assert back.indicator in back.indicators
    assert [row.decision.kind for row in held.decisions()[0]] == ["split", "merge"]
    again_ = held.undo(back.seq, "li")  # what was taken back can be taken up again
    assert groups(held) == {ids(*SHARE, *RATIO), ids(*ROADS)}
    assert again_.seq == 3


def test_what_contradicts_follows_a_decision(held: Archive) -> None:
    before = held.conflicts()[1]
    wrong = [one for one in SHARE if one.source == "岚川市2021年方案.docx"]
    held.split(MAIN, [one.id for one in wrong], "li")
    assert held.conflicts(kind="differs")[1] == 0
    assert held.conflicts()[1] < before
    held.undo(1, "li")
    assert held.conflicts()[1] == before


def test_targets_are_split_off(held: Archive) -> None:
    some = SHARE[:3]
    made = held.split(MAIN, [one.id for one in some], "li")
    assert groups(held) == {ids(*some), ids(*SHARE[3:]), ids(*RATIO), ids(*ROADS)}
    assert {one.id for one in held.indicator(made.indicator).observations} == ids(*some)
    assert len(held.indicator(made.indicator).decisions) == 1
    assert len(made.indicators) == 2


def test_an_indicator_is_renamed_and_found_by_its_name(held: Archive) -> None:
    made = held.rename(MAIN, "  护理型  床位（占比） ", "li")
    row = held.indicator(made.indicator).row
    assert (row.name, row.renamed) == ("护理型 床位（占比）", True)
    assert [one.id for one in held.find(Wanted(words="（占比）"))[0]] == [made.indicator]
    again_ = held.rename(made.indicator, "护理床位", "li")
    held.undo(again_.seq, "li")
    row = held.indicator(made.indicator).row
    assert (row.name, row.renamed) == ("护理型 床位（占比）", True)
    back = held.undo(made.seq, "li")
    row = held.indicator(made.indicator).row
    assert (row.name, row.renamed) == (BEDS, False)
    held.undo(back.seq, "li")
    row = held.indicator(made.indicator).row
    assert (row.name, row.renamed) == ("护理型 床位（占比）", True)


def test_decisions_follow_each_other_on_what_the_last_has_made(held: Archive) -> None:
    merged = held.merge(MAIN, ALIKE, "li").indicator
    named = held.rename(merged, "护理型床位比例", "li").indicator
    apart = held.split(named, [RATIO[0].id], "li")
    assert groups(held) == {ids(*SHARE, RATIO[1]), ids(RATIO[0]), ids(*ROADS)}
    names = {held.indicator(one).row.name for one in apart.indicators}
    assert "护理型床位比例" in names


def test_decisions_outlive_a_new_alignment_of_the_whole(workspace: Workspace) -> None:
    """What the pages show after decisions is what aligning everything anew gives."""
    first = align(ALL, [])
    fill(workspace.database, ALL, first)
    held = workspace.archive
    (road,) = [one.id for one in first if ROADS[0].id in one.members]
    (share,) = [one.id for one in first if SHARE[0].id in one.members]
    held.split(share, [SHARE[0].id, SHARE[3].id], "li")
    (rest,) = [row.id for row in held.find(Wanted(limit=500))[0] if SHARE[1].id in {one.id for one in held.indicator(row.id).observations}]  # fmt: skip
    held.rename(road, "农村公路", "li")
    held.rename(rest, "护理床位", "li")
    with workspace.database.read() as connection:
        anew = align(ALL, archive.decisions(connection))
    assert groups(held) == {frozenset(one.members) for one in anew}
    assert {row.name for row in held.find(Wanted(limit=500))[0]} == {one.name for one in anew}


def test_a_decision_about_what_is_gone_is_refused_and_not_kept(held: Archive) -> None:
    merged = held.merge(MAIN, ALIKE, "li").indicator
    gone = ({MAIN, ALIKE} - {merged}).pop()
    for refused in (
        lambda: held.merge(gone, ROAD, "li"),
        lambda: held.merge(ROAD, "none", "li"),
        lambda: held.split(gone, [SHARE[0].id], "li"),
        lambda: held.rename(gone, "新名", "li"),
        lambda: held.undo(99, "li"),
    ):
        with pytest.raises(NotFound):
            refused()
    assert held.decisions()[1] == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [([], "not_members"), ([ROADS[0].id], "not_members"), ([SHARE[0].id, "none"], "not_members"), ([*ids(*SHARE)], "all")],
)  # fmt: skip
def test_a_split_that_parts_nothing_is_refused(held: Archive, members: list[str], code: str) -> None:
    with pytest.raises(DecisionRefused) as refused:
        held.split(MAIN, members, "li")
    assert refused.value.code == code
    assert " / " in str(refused.value)
    assert held.decisions() == ([], 0)


@pytest.mark.parametrize("name", ["", "  ", "字" * (LONGEST_NAME + 1), "一\x00二", "\u202e反"])
def test_a_name_that_is_none_is_refused(held: Archive, name: str) -> None:
    with pytest.raises(DecisionRefused) as refused:
        held.rename(MAIN, name, "li")
    assert refused.value.code == "bad_name"


def test_an_indicator_is_not_merged_with_itself(held: Archive) -> None:
    with pytest.raises(DecisionRefused, match="另一个"):
        held.merge(MAIN, MAIN, "li")


def test_a_decision_can_not_be_undone_once_its_targets_are_gone(workspace: Workspace) -> None:
    seq = workspace.archive.rename(ROAD, "农村公路", "li").seq
    fill(workspace.database, SHARE, [indicator(*SHARE)])
    with pytest.raises(NotFound, match="不在档案中"):
        workspace.archive.undo(seq, "li")
    assert workspace.archive.decisions()[1] == 1


def test_every_decision_is_in_the_audit(workspace: Workspace) -> None:
    made = workspace.archive.merge(MAIN, ALIKE, "li")
    workspace.archive.undo(made.seq, "wang")
    workspace.archive.rename(ROAD, "农村公路", "li")
    rows, _ = workspace.audit()
    told = [(row.actor, row.action, row.subject, row.detail) for row in rows[:3]]
    assert told == [
        ("li", "archive_rename", "新改建农村公路里程", {"name": "农村公路"}),
        ("wang", "archive_split", "1", {"decision": 1}),
        ("li", "archive_merge", BEDS, {"other": "护理型养老床位比例"}),
    ]


def test_people_who_decide_at_once_wait_for_each_other_or_are_told(held: Archive) -> None:
    def rename(number: int) -> str:
        try:
            held.rename(MAIN, f"名称{number}", f"li{number}")
        except StoreError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(rename, range(8)))
    assert set(answers) <= {"done", "changed"}
    assert held.decisions()[1] == answers.count("done") >= 1
    assert groups(held) == {ids(*SHARE), ids(*RATIO), ids(*ROADS)}


def test_a_decision_made_while_the_archive_is_aligned_anew_does_not_get_lost(workspace: Workspace) -> None:
    with workspace.database.read() as connection:
        seen = archive.last_decision(connection)
    workspace.archive.merge(MAIN, ALIKE, "li")
    with pytest.raises(StoreError) as refused, workspace.database.write() as connection:
        archive.replace_alignment(connection, ALL, INDICATORS, [], heeded=seen)
    assert refused.value.code == "changed"
    assert groups(workspace.archive) == {ids(*SHARE, *RATIO), ids(*ROADS)}


def test_contradictions_after_a_decision_are_judged_on_the_whole_archive(workspace: Workspace) -> None:
    """That the table is the province's shows only in rows that the decision does not touch."""
    table = [again(observation(50), document="f" * 64), again(observation(70, metric="公交准点率"), document="f" * 64)]
    table[1] = replace(table[1], place=replace(CITY, name="岚川市"))
    ours = observation(55)
    fill(workspace.database, [*table, ours], [indicator(table[0]), indicator(table[1]), indicator(ours)])
    held = workspace.archive
    held.merge(indicator(table[0]).id, indicator(ours).id, "li")
    assert held.conflicts() == ([], 0)


def test_names_go_with_the_greater_part_of_what_they_were_given_to(held: Archive) -> None:
    named = held.rename(MAIN, "护理床位", "li").indicator
    parts = held.split(named, [SHARE[0].id], "li").indicators
    (small,) = [one for one in parts if held.indicator(one).row.observations == 1]
    held.rename(small, "另一个", "li")
    other = held.merge(small, ROAD, "li").indicator
    assert held.indicator(other).row.name != "护理床位"
    (large,) = [one for one in parts if one != small]
    assert held.indicator(large).row.name == "护理床位"


def test_indicators_named_alike_are_offered(held: Archive) -> None:
    row = held.indicator(MAIN).row
    assert [one.id for one in held.alike(row, 5)] == [ALIKE]


def test_decisions_are_kept_in_terms_of_observations(workspace: Workspace) -> None:
    workspace.archive.merge(MAIN, ALIKE, "li")
    with workspace.database.read() as connection:
        (kept,) = archive.decisions(connection)
        assert archive_pages.aligned_at(connection) is not None
    assert isinstance(kept, Decision)
    assert set(kept.members) == ids(*SHARE, *RATIO)
