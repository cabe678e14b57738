"""What people decided comes out as gold that training reads, and the workspace stays as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from extractor.errors import OutputError, StoreError
from extractor.store.database import Database, sqlite_url
from extractor.store.migrations import current
from extractor.store.schema import metadata
from extractor.training.examples import read_examples
from extractor.training.traces import trace
from extractor.types.review import AcceptMany, Split, Step
from extractor.workspace.annotations import Source, export_annotations, reading, workspace_examples
from extractor.workspace.errors import NotFound, WorkspaceError
from extractor.workspace.service import Workspace, open_workspace
from tests.store.conftest import _schema
from tests.workspace.samples import (
    BUSES,
    DUTY,
    ONLINE,
    PARKING,
    RECORDS,
    ROADS,
    decide,
    edit,
    ids,
    notice,
    operation_id,
    ready,
)

PEOPLE = ("li-reviewer", "zhao-approver")


def step(op: str) -> Step:
    return Step.model_validate({"op": op, "client_op_id": operation_id()})


def approve(workspace: Workspace, id: str) -> str:
    open_ = tuple(
        each["record"]["record_id"]
        for each in workspace.records(id, "x")["records"]
        if each["record"]["status"] == "draft"
    )
    if open_:
        workspace.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=open_), PEOPLE[0])
    workspace.perform(id, step("approve"), PEOPLE[1])
    return id


@dataclass
class Reviewed:
    """A workspace that goes on running, with a document approved, one half decided and one that nobody opened."""

    workspace: Workspace
    folder: Path
    url: str | None
    approved: str = ""
    half: str = ""
    untouched: str = ""
    data: dict[str, bytes] = field(default_factory=dict)

    def export(self, out: Path, *, unfinished: bool = False) -> dict[str, dict[str, Any]]:
        """The lines of the manifest by document."""
        with reading(self.folder, self.url) as source:
            export_annotations(source, out, unfinished=unfinished)
        lines = map(json.loads, (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
        return {line["document"]: line for line in lines}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reviewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewed]:
    folder = tmp_path_factory.mktemp("reviewed")
    if request.param == "sqlite":
        yield from _reviewed(folder, None)
    else:
        with _schema(request.getfixturevalue("postgres")) as url:
            yield from _reviewed(folder, url)


def _reviewed(folder: Path, url: str | None) -> Iterator[Reviewed]:
    workspace = open_workspace(folder, url)
    workspace.start()
    made = Reviewed(workspace, folder, url)
    for name in ("approved", "half", "untouched"):
        data = notice()
        setattr(made, name, ready(workspace, data))
        made.data[getattr(made, name)] = data
    names = ids(workspace, made.approved)
    workspace.perform(made.approved, edit(names[BUSES], "targets/0/value", 95, 96), PEOPLE[0])
    workspace.perform(made.approved, decide(names[DUTY], "reject"), PEOPLE[0])
    workspace.perform(made.approved, edit(names[ROADS], "points", None, 3), PEOPLE[0])
    workspace.perform(made.approved, step("undo"), PEOPLE[0])
    workspace.perform(made.approved, edit(names[ONLINE], "number", "（一）", "一、"), PEOPLE[0])
    workspace.perform(made.approved, step("undo"), PEOPLE[0])
    workspace.perform(made.approved, step("redo"), PEOPLE[0])
    approve(workspace, made.approved)
    names = ids(workspace, made.half)
    workspace.perform(made.half, decide(names[PARKING]), PEOPLE[0])
    workspace.perform(made.half, decide(names[ROADS], "reject"), PEOPLE[0])
    yield made
    workspace.stop()
    workspace.database.close()


def gold_of(out: Path, line: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((out / line["gold"]).read_text(encoding="utf-8"))
    return made


def test_an_approved_document_is_gold_beside_its_file(reviewed: Reviewed, tmp_path: Path) -> None:
    lines = reviewed.export(tmp_path / "out")
    assert list(lines) == [reviewed.approved]
    line = lines[reviewed.approved]
    row = reviewed.workspace.document(reviewed.approved)
    assert (line["sha256"], line["extractor_version"]) == (row.sha256, row.extractor_version)
    assert (line["records"], line["undecided"], line["approved"]) == (RECORDS - 1, 0, True)
    assert line["corrections"] == 3, "what was undone is none, what was redone is one"
    assert (tmp_path / "out" / line["source"]).read_bytes() == reviewed.data[reviewed.approved]
    gold = gold_of(tmp_path / "out", line)
    assert gold["document"] == {"source_name": "安排.txt"}
    assert gold["tasks"] == "exhaustive"
    assert [record["targets"][0]["value"] for record in gold["records"]] == [1200, 80, 96, 98, 30]
    assert gold["records"][ROADS] == {
        "path": ["改善出行"],
        "number": "（二）",
        "text": "全年改造农村公路80公里",
        "kind": "target",
        "targets": gold["records"][ROADS]["targets"],
        "responsible": [{"name": "市交通局", "role": "lead"}],
    }
    assert gold["records"][ONLINE]["number"] == "一、"
    (target,) = gold["records"][ROADS]["targets"]
    assert target.items() >= {"op": "ge", "value": 80, "unit": "公里"}.items()
    assert None not in target.values()
    assert "evidence" not in target


def test_no_person_is_named(reviewed: Reviewed, tmp_path: Path) -> None:
    reviewed.export(tmp_path / "out", unfinished=True)
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) == 5
    for path in written:
        assert not any(person.encode() in path.read_bytes() for person in PEOPLE), path


def test_what_nobody_decided_counts_neither_way(reviewed: Reviewed, tmp_path: Path) -> None:
    lines = reviewed.export(tmp_path / "out", unfinished=True)
    assert set(lines) == {reviewed.approved, reviewed.half}
    line = lines[reviewed.half]
    assert (line["records"], line["undecided"], line["approved"], line["corrections"]) == (1, RECORDS - 2, False, 1)
    gold = gold_of(tmp_path / "out", line)
    assert gold["tasks"] == "partial"
    assert [record.get("optional", False) for record in gold["records"]] == [False, True, True, True, True]
    assert "农村公路" not in json.dumps(gold, ensure_ascii=False), "what was rejected is no record"
    assert gold_of(tmp_path / "out", lines[reviewed.approved])["tasks"] == "exhaustive"


def test_two_documents_of_one_name_keep_apart(reviewed: Reviewed, tmp_path: Path) -> None:
    lines = reviewed.export(tmp_path / "out", unfinished=True)
    assert lines[reviewed.approved]["source"] == "documents/安排.txt"
    assert lines[reviewed.half]["source"] == f"documents/安排.{reviewed.half[:8]}.txt"
    assert lines[reviewed.half]["name"] == "安排.txt"
    found = {each.source: each for each in read_examples(tmp_path / "out/gold", [tmp_path / "out/documents"], "site")}
    for id, line in lines.items():
        source = tmp_path / "out" / line["source"]
        assert source.read_bytes() == reviewed.data[id]
        assert found[source].gold == gold_of(tmp_path / "out", line)


def test_examples_can_be_traced_and_agree_where_nothing_was_corrected(reviewed: Reviewed, tmp_path: Path) -> None:
    with reading(reviewed.folder, reviewed.url) as source:
        (example,) = workspace_examples(source, tmp_path)
    assert (example.name, example.group) == ("site/安排", "site")
    made = trace(example).output["records"]
    assert [record["text"] for record in made[:DUTY]] == [record["text"] for record in example.gold["records"]]
    assert len(made) == RECORDS


def test_the_workspace_is_only_read(reviewed: Reviewed, tmp_path: Path) -> None:
    before = contents(reviewed)
    reviewed.export(tmp_path / "out", unfinished=True)
    assert contents(reviewed) == before


def contents(reviewed: Reviewed) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, str]]:
    """All rows, and all files but the database's own."""
    with reviewed.workspace.database.read() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }
    files = {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in reviewed.folder.rglob("*")
        if path.is_file() and not path.name.startswith("extractor.db")
    }
    return rows, files


def test_the_same_workspace_gives_the_same_bytes(reviewed: Reviewed, tmp_path: Path) -> None:
    for name in ("a", "b"):
        reviewed.export(tmp_path / name)
    for path in (tmp_path / "a").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


# --- one workspace for a test -----------------------------------------------------------------------------


def source_of(workspace: Workspace) -> Source:
    return Source(workspace.database, workspace.core.blobs)


@pytest.mark.parametrize("unfinished", [False, True])
def test_nothing_is_written_where_nothing_is_approved(running: Workspace, tmp_path: Path, unfinished: bool) -> None:
    ready(running)
    with pytest.raises(WorkspaceError) as told:
        export_annotations(source_of(running), tmp_path / "out", unfinished=unfinished)
    assert told.value.code == "nothing_approved"
    assert not (tmp_path / "out").exists()


def test_an_approval_withdrawn_takes_the_document_out_of_the_next_export(running: Workspace, tmp_path: Path) -> None:
    first, second = approve(running, ready(running, name="甲.txt")), approve(running, ready(running, name="乙.txt"))
    made = export_annotations(source_of(running), tmp_path / "out")
    assert [each.row.id for each in made.documents] == [first, second]
    running.perform(first, step("withdraw"), PEOPLE[1])
    made = export_annotations(source_of(running), tmp_path / "out")
    assert [each.row.id for each in made.documents] == [second]
    assert made.unfinished == 1
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.*")) == ["manifest.jsonl", "乙.json", "乙.txt"]


def test_records_split_by_hand_stand_in_the_order_of_the_text(running: Workspace, tmp_path: Path) -> None:
    id = ready(running, "示例县2026年工作要点\n一、强基础\n1.新建水库3座，修渠20公里。\n2.植树50亩。\n".encode())
    (first, _) = ids(running, id)
    at = running.core.read(running.document(id)).text.index("修渠")
    running.perform(id, Split(op="split", client_op_id=operation_id(), record=first, at=(at,)), PEOPLE[0])
    approve(running, id)
    (made,) = export_annotations(source_of(running), tmp_path / "out").documents
    assert [record["text"] for record in made.gold["records"]] == ["新建水库3座", "修渠20公里", "植树50亩"]
    assert made.corrections == 1


def test_a_document_whose_records_were_all_rejected_is_gold_too(running: Workspace, tmp_path: Path) -> None:
    id = ready(running, "今年以来，全县天气很好。\n".encode(), "天气.txt")
    for name in ids(running, id):
        running.perform(id, decide(name, "reject"), PEOPLE[0])
    approve(running, id)
    (example,) = workspace_examples(source_of(running), tmp_path)
    assert example.gold == {"document": {"source_name": "天气.txt"}, "tasks": "exhaustive", "records": []}


NAMES = {
    "2.1万亩": "2.1万亩.txt",
    "总结.json": "总结.json.txt",
    "报告.PDF.txt": "报告.PDF.txt",
    "a:b?c.txt": "a_b_c.txt",
    "长" * 190 + ".txt": "长" * 50 + ".txt",
    "...txt": None,
}


def test_any_name_gives_a_file_that_is_found_again(running: Workspace, tmp_path: Path) -> None:
    for name in NAMES:
        approve(running, ready(running, name=name))
    made = workspace_examples(source_of(running), tmp_path)
    assert len(made) == len(NAMES)
    assert len({each.source for each in made}) == len(NAMES)
    lines = [json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in lines:
        wanted = NAMES[line["name"]] or f"{line['document']}.txt"
        assert line["source"] == f"documents/{wanted}"
        data = (tmp_path / line["source"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == line["sha256"]


@pytest.mark.parametrize("spoil", ["changed", "added", "no manifest"])
def test_gold_that_somebody_worked_on_is_not_replaced(running: Workspace, tmp_path: Path, spoil: str) -> None:
    approve(running, ready(running))
    export_annotations(source_of(running), tmp_path)
    gold = tmp_path / "gold" / "安排.json"
    if spoil == "changed":
        gold.write_text(gold.read_text(encoding="utf-8").replace("1200", "1300"), encoding="utf-8")
    elif spoil == "added":
        (tmp_path / "gold" / "另一份.json").write_text("{}", encoding="utf-8")
    else:
        (tmp_path / "manifest.jsonl").unlink()
    before = {path: path.read_bytes() for path in tmp_path.glob("gold/*")}
    with pytest.raises(OutputError):
        export_annotations(source_of(running), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.glob("gold/*")} == before
    assert not list(tmp_path.glob(".export-*"))


def test_other_files_in_the_folder_stay(running: Workspace, tmp_path: Path) -> None:
    approve(running, ready(running))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "说明.md").write_text("给训练用", encoding="utf-8")
    export_annotations(source_of(running), tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"说明.md", "gold", "documents", "manifest.jsonl"}


def test_a_file_where_the_folder_should_be_is_said(running: Workspace, tmp_path: Path) -> None:
    approve(running, ready(running))
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        export_annotations(source_of(running), tmp_path / "out")


def test_a_damaged_file_is_named_and_the_others_are_written(running: Workspace, tmp_path: Path) -> None:
    sound, lost = approve(running, ready(running, name="好.txt")), approve(running, ready(running, name="坏.txt"))
    running.core.blobs.path(running.document(lost).sha256).write_bytes(b"changed")
    made = export_annotations(source_of(running), tmp_path / "out")
    assert [each.row.id for each in made.documents] == [sound]
    assert [name for name, _ in made.failed] == ["坏.txt"]
    with pytest.raises(StoreError, match=r"坏\.txt"):
        workspace_examples(source_of(running), tmp_path / "examples")
    running.core.blobs.path(running.document(sound).sha256).unlink()
    with pytest.raises(StoreError):
        export_annotations(source_of(running), tmp_path / "none")
    assert not list((tmp_path / "none").iterdir())


def test_a_folder_without_a_workspace_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(NotFound), reading(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_tables_of_an_earlier_version_are_not_brought_up_to_date(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    database.migrate("0001")
    with pytest.raises(StoreError) as told, reading(tmp_path):
        pass
    assert told.value.code == "older"
    with database.read() as connection:
        assert current(connection) == "0001"
    database.close()


def test_tables_of_a_later_version_are_left_alone(own: Workspace, tmp_path: Path) -> None:
    with own.database.write() as connection:
        connection.execute(text("UPDATE store_version SET version_num = 'from the future'"))
    with pytest.raises(StoreError) as told, reading(tmp_path / "data"):
        pass
    assert told.value.code == "newer"
    with own.database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM store_version")) == "from the future"
