"""A vocabulary learned from real approvals, edited by hand, undone; and what it changes in the next document."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from extractor.errors import ConfigError
from extractor.store.backup import backup, restore
from extractor.text.vocabulary import Entry
from extractor.types.review import AcceptMany, Edit, FieldEdit, Step
from extractor.workspace.errors import NotFound
from extractor.workspace.service import Workspace
from tests.extracted import rules_only
from tests.workspace.samples import decide, edit, finished, ids, operation_id, ready

LEDGER = """<html><body><h1>示例市2026年攻坚任务清单（{title}）</h1><table>
<tr><td>顺号</td><td>攻坚清单</td><td>抓总部门</td><td>销号时点</td></tr>
<tr><td>1</td><td>新建公共停车泊位不少于{number}个，完善停车诱导系统</td><td>{first}</td><td>6月底前</td></tr>
<tr><td>2</td><td>全年改造农村公路80公里，提升农村出行条件</td><td>市交通局</td><td>9月底前</td></tr>
<tr><td>3</td><td>公交准点率达到95%，优化公交线路布局</td><td>市公交专班</td><td>年底前</td></tr>
</table></body></html>"""
NOTICE = """示例市2026年重点工作安排（{title}）
一、改善出行
（一）6月底前，新建公共停车泊位不少于{number}个。（责任单位：市发改委、园区和企业服务中心）
（二）全年改造农村公路80公里。（责任单位：市交通局）
"""


@pytest.fixture(autouse=True)
def by_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trained columns know these headers; what a vocabulary is for are those that nothing knows."""
    monkeypatch.setattr("extractor.workspace.core.load_config", rules_only)


def notice(title: str, number: int = 1200) -> bytes:
    return NOTICE.format(title=title, number=number).encode()


def ledger(title: str, first: str = "市城管局", number: int = 1200) -> bytes:
    return LEDGER.format(title=title, first=first, number=number).encode()


def records(workspace: Workspace, id: str) -> list[dict[str, Any]]:
    return [each["record"] for each in workspace.records(id, "li")["records"]]


def names(record: dict[str, Any]) -> list[str]:
    return [one["name"] for one in record["responsible"]]


def step(workspace: Workspace, id: str, op: str, actor: str = "li") -> None:
    workspace.perform(id, Step.model_validate({"op": op, "client_op_id": operation_id()}), actor)


def approve(workspace: Workspace, id: str) -> None:
    left = tuple(each["record_id"] for each in records(workspace, id) if each["status"] == "draft")
    workspace.perform(id, AcceptMany(op="accept_many", client_op_id=operation_id(), records=left), "li")
    step(workspace, id, "approve")


def approved_notice(workspace: Workspace) -> str:
    """A notice in which a reviewer wrote a short name out, and put a name together that was cut."""
    id = ready(workspace, notice("第一稿"))
    first = records(workspace, id)[0]
    assert names(first) == ["市发改委", "园区", "企业服务中心"]
    written = [
        {"name": name, "role": "lead", "evidence": one["evidence"]}
        for name, one in zip(("市发展和改革委员会", "园区和企业服务中心"), first["responsible"], strict=False)
    ]
    change = FieldEdit(field="responsible", before=first["responsible"], after=written)
    workspace.perform(
        id, Edit(op="edit", client_op_id=operation_id(), record=first["record_id"], changes=(change,)), "li"
    )
    approve(workspace, id)
    return id


def approved_ledger(workspace: Workspace) -> str:
    """A table whose header the rules took for a record."""
    id = ready(workspace, ledger("第一稿"), "清单.html")
    head = records(workspace, id)[0]
    assert head["text"] == "攻坚清单"
    workspace.perform(id, decide(head["record_id"], "reject"), "li")
    approve(workspace, id)
    return id


def test_approvals_teach_and_a_withdrawal_takes_back(running: Workspace) -> None:
    path = running.vocabulary.path
    id = approved_notice(running)
    learned = running.vocabulary.load()
    assert learned.aliases == {"发改委": Entry("发展和改革委员会", 1, 1, ((id, 1),))}
    assert set(learned.units) == {"市发展和改革委员会", "园区和企业服务中心", "市交通局"}
    again = approved_ledger(running)
    learned = running.vocabulary.load()
    assert learned.units["市交通局"] == Entry("", 2, 2, tuple(sorted(((id, 1), (again, 1)))))
    columns = {name: entry.means for name, entry in learned.columns.items()}
    assert columns == {"攻坚清单": "hard", "抓总部门": "who", "销号时点": "when"}
    step(running, id, "withdraw")
    left = running.vocabulary.load()
    assert left.aliases == {}
    assert "园区和企业服务中心" not in left.units
    assert left.units["市交通局"].sources == ((again, 1),)
    step(running, id, "undo")
    assert running.vocabulary.load().aliases.keys() == {"发改委"}, "a withdrawal taken back"
    text, revision = path.read_text(encoding="utf-8"), running.vocabulary.load().revision
    assert running.vocabulary.learn() == []
    assert path.read_text(encoding="utf-8") == text, "learning anew gives the same file"
    assert running.vocabulary.load().revision == revision


def test_what_was_learned_reads_the_next_document(running: Workspace) -> None:
    approved_notice(running)
    approved_ledger(running)
    next_notice, next_ledger = ready(running, notice("第二稿")), ready(running, ledger("第二稿"), "清单.html")
    assert names(records(running, next_notice)[0]) == ["市发改委", "园区和企业服务中心"]
    read = records(running, next_ledger)
    assert [record["text"][:4] for record in read] == ["新建公共", "全年改造", "公交准点"]
    assert [names(record) for record in read] == [["市城管局"], ["市交通局"], ["市公交专班"]]
    contract = running.contract(next_notice)
    assert [one.canonical for one in contract.records[0].responsible] == ["市发展和改革委员会", None]
    assert "canonical" not in json.dumps(running.annotations(next_notice))
    data, _, _ = running.export(next_notice, "units")
    out = running.core.folder / "units.xlsx"
    out.write_bytes(data)
    assert load_workbook(out).sheetnames[1] == "市发展和改革委员会"


def test_a_reviewer_points_by_the_words_of_today(running: Workspace) -> None:
    id = ready(running, notice("第一稿"))
    first = records(running, id)[0]
    start = running.core.read(running.document(id)).text.index("园区和企业服务中心")
    fill: dict[str, Any] = {"op": "fill", "record": first["record_id"], "field": "responsible", "start": start}
    fill |= {"end": start + 9, "client_op_id": operation_id(), "before": first["responsible"]}
    assert [names(each["record"]) for each in running.preview(id, _operation(fill), "li")["records"]] == [
        ["园区", "企业服务中心"]
    ]
    running.vocabulary.path.write_text('[units]\n"园区和企业服务中心" = true\n', encoding="utf-8")
    assert [names(each["record"]) for each in running.preview(id, _operation(fill), "li")["records"]] == [
        ["园区和企业服务中心"]
    ]


def _operation(said: dict[str, Any]) -> Any:
    from extractor.types.review import Fill

    return Fill.model_validate(said)


def test_what_is_written_by_hand_stays(running: Workspace) -> None:
    path = running.vocabulary.path
    path.write_text(
        '# 我的词汇\n[aliases]\n"发改委" = "发展改革委员会"\n[columns]\n"抓总部门" = "配合单位"\n', encoding="utf-8"
    )
    id = approved_notice(running)
    approved_ledger(running)
    after = running.vocabulary.load()
    assert after.aliases == {"发改委": Entry("发展改革委员会")}
    assert after.columns["抓总部门"] == Entry("配合单位")
    assert after.columns["攻坚清单"].means == "hard"
    step(running, id, "withdraw")
    assert running.vocabulary.load().aliases == {"发改委": Entry("发展改革委员会")}


def test_a_learned_entry_that_somebody_changed_is_theirs(running: Workspace) -> None:
    path = running.vocabulary.path
    approved_ledger(running)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('holds = "who"', 'holds = "support"'), encoding="utf-8")
    id = approved_notice(running)
    step(running, id, "withdraw")
    assert running.vocabulary.load().columns["抓总部门"] == Entry("support")


def test_what_was_deleted_or_undone_does_not_come_back(running: Workspace) -> None:
    path = running.vocabulary.path
    id = approved_notice(running)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith('"市交通局"')), encoding="utf-8")
    (undone,) = running.vocabulary.undo("发改委")
    assert (undone.section, undone.name, undone.after) == ("aliases", "发改委", None)
    with pytest.raises(NotFound, match="园区和企业服务中心"):
        running.vocabulary.undo("园区企业服务中心")
    step(running, id, "withdraw")
    step(running, id, "approve")
    running.vocabulary.learn()
    after = running.vocabulary.load()
    assert after.aliases == {}
    assert "市交通局" not in after.units
    assert "发改委" in after.ignored["aliases"]
    assert "市交通局" in after.ignored["units"]
    path.write_text(path.read_text(encoding="utf-8").replace('    "市交通局",\n', ""), encoding="utf-8")
    assert [change.name for change in running.vocabulary.learn()] == ["市交通局"], "no longer ignored"


def test_neither_a_lost_file_nor_an_old_copy_counts_as_deletions(running: Workspace) -> None:
    path = running.vocabulary.path
    approved_notice(running)
    old = path.read_text(encoding="utf-8")
    approved_ledger(running)
    new = running.vocabulary.load()
    path.write_text(old, encoding="utf-8")  # an editor that had it open since before the second approval
    running.vocabulary.follow()
    assert running.vocabulary.load().words() == new.words()
    path.unlink()
    running.vocabulary.follow()
    again = running.vocabulary.load()
    assert again.words() == new.words()
    assert not any(again.ignored.values())
    (running.core.folder / "vocabulary.json").write_text("{", encoding="utf-8")
    assert running.vocabulary.learn() == []
    assert running.vocabulary.load().words() == new.words()


def test_a_deleted_document_leaves_what_it_taught(running: Workspace) -> None:
    id = approved_notice(running)
    running.delete(id, "li")
    approved_ledger(running)
    assert running.vocabulary.learn() == []
    assert running.vocabulary.load().aliases.keys() == {"发改委"}
    assert ready(running, notice("第一稿")) == id, "the same bytes, not approved"
    running.vocabulary.follow()
    assert running.vocabulary.load().aliases == {}


def test_a_broken_file_stops_extraction_with_its_line_but_no_review(
    running: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    id = ready(running, notice("第一稿"))
    path = running.vocabulary.path
    broken = '[aliases]\n"发改委" = “发展和改革委员会”\n'
    path.write_text(broken, encoding="utf-8")
    approve(running, id)
    assert running.document(id).approval == "approved"
    assert path.read_text(encoding="utf-8") == broken
    assert "第2行" in caplog.text
    with pytest.raises(ConfigError, match=r"vocabulary\.toml 第2行"):
        running.vocabulary.learn()
    row, _ = running.upload("安排.txt", notice("第二稿"), "li")
    row = finished(running, row.id)
    assert (row.state, row.error_code) == ("failed", "settings")
    assert "vocabulary.toml 第2行" in str(row.error)
    path.write_text("[aliases]\n", encoding="utf-8")
    path.chmod(0o664)
    running.retry(row.id, "li")
    assert finished(running, row.id).state == "ready"
    running.vocabulary.learn()
    assert "市交通局" in running.vocabulary.load().units, "what was missed is made up for"
    assert path.stat().st_mode & 0o777 == 0o664, "who could edit the file still can"


def test_names_that_a_document_introduces(running: Workspace) -> None:
    text = """关于印发工作方案的通知
一、总体安排
示例市发展和改革委员会（以下简称“市发改委”）统筹推进。
（一）年底前新建充电桩不少于20个。（责任单位：市发改委、示例市发展和改革委员会）
（二）年底前新建公共停车泊位不少于20个。（责任单位：市财政局（以下简称“市局”））
"""
    approve(running, ready(running, text.encode()))
    assert {name: entry.means for name, entry in running.vocabulary.load().aliases.items()} == {
        "市发改委": "示例市发展和改革委员会"
    }


def test_the_workspaces_own_models_and_words_are_used(own: Workspace) -> None:
    folder = own.core.folder
    assert (own.core.models().site, own.core.models().vocabulary) == ("", "")
    (folder / "models").mkdir()
    assert own.core.models().site == "", "no manifest, no models"
    (folder / "models" / "manifest.json").write_text("{}")
    (folder / "vocabulary.toml").write_text("")
    assert own.core.models().site == str(folder / "models")
    assert own.core.models().vocabulary == str(folder / "vocabulary.toml")
    assert own.core.models().columns == type(own.core.models()).model_validate(own.core.models().model_dump()).columns


def test_a_backup_carries_what_was_learned(own: Workspace, tmp_path: Path) -> None:
    folder = own.core.folder
    for name in ("vocabulary.toml", "vocabulary.json", "models/manifest.json", "models/metric/weights.npz"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    os.symlink("/etc/hostname", folder / "models" / "metric" / "x.sh")
    backup(own.database, own.core.blobs, tmp_path / "b.tar.gz", own=folder)
    restore(tmp_path / "b.tar.gz", tmp_path / "new")
    kept = sorted(path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.*"))
    assert kept == ["extractor.db", "models/manifest.json", "models/metric/weights.npz", "vocabulary.json",
                    "vocabulary.toml"]  # fmt: skip
    assert (tmp_path / "new" / "models/metric/weights.npz").read_bytes() == b"models/metric/weights.npz"


def test_one_correction_by_key_teaches_too(running: Workspace) -> None:
    id = ready(running, notice("第一稿"))
    first = ids(running, id)[0]
    running.perform(id, edit(first, "responsible/0/name", "市发改委", "市发展和改革委员会"), "li")
    approve(running, id)
    assert running.vocabulary.load().aliases["发改委"].means == "发展和改革委员会"
