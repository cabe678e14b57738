"""The API on real documents: upload, review, source, stream, people."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from extractor.types.record import IndicatorRecord
from extractor.web.models import (
    ContentAnswer,
    DiffAnswer,
    HistoryAnswer,
    LinesAnswer,
    OperationAnswer,
    PagesAnswer,
    RecordsAnswer,
)
from tests.web.serving import JSON, NOTICE, Site

ROOT = Path(__file__).parents[2]


def records(site: Site, document_id: str) -> list[JSON]:
    found: list[JSON] = site.api.get(f"/api/documents/{document_id}/records").json()["records"]
    return found


@pytest.fixture(scope="module")
def reviewed(local: Site) -> str:
    """A document of this module's own, whose records change."""
    made = local.upload("复核.txt", NOTICE.replace("2026", "2027").encode())["id"]
    local.ready(made)
    return str(made)


def test_the_same_bytes_are_the_same_document(local: Site, notice: str) -> None:
    again = local.api.post("/api/documents", files={"file": ("别名.txt", NOTICE.encode())})
    assert again.status_code == 200
    assert again.json()["id"] == notice
    assert again.json()["name"] == "要点.txt"


def test_several_files_make_one_dossier(local: Site) -> None:
    dossier = local.api.post("/api/dossiers", json={"name": "通知及附件"}).json()["id"]
    for number in range(2):
        files = {"file": (f"附件{number}.txt", f"附件{number}：办结率达到9{number}%。".encode())}
        answer = local.api.post("/api/documents", files=files, data={"dossier": dossier})
        assert answer.status_code == 201
        assert answer.json()["dossier"] == dossier
    found = local.api.get("/api/documents", params={"dossier": dossier}).json()
    assert found["total"] == 2
    assert {"id": dossier, "name": "通知及附件"} in local.api.get("/api/dossiers").json()["dossiers"]
    unknown = local.api.post("/api/documents", files={"file": ("x.txt", b"y")}, data={"dossier": "none"})
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"name": "空", "text": " \n"}, {"name": "", "text": "x"}, {"name": "x"}, {"text": "x", "name": "n", "more": 1}],
)
def test_text_that_is_none_is_refused(local: Site, body: JSON) -> None:
    assert local.api.post("/api/documents/text", json=body).status_code == 422


def test_the_queue_filters_and_sorts(local: Site, notice: str, pdf: str) -> None:
    def ids(**params: str) -> list[str]:
        return [one["id"] for one in local.api.get("/api/documents", params=params).json()["documents"]]

    assert notice in ids(q="探访")
    assert pdf not in ids(q="探访率达到100")
    assert ids(state="failed") == []
    assert set(ids(year="2026")) >= {notice}
    newest = ids(sort="-uploaded_at")
    assert ids(sort="uploaded_at") == newest[::-1]
    by_risk = local.api.get("/api/documents", params={"sort": "-risk"}).json()["documents"]
    known = [one["risk"] for one in by_risk if one["risk"] is not None]
    assert {one["id"] for one in by_risk[: len(known)]} >= {notice, pdf}  # what is not known comes last
    assert known == sorted(known, reverse=True)


def test_records_operations_and_history_are_as_described(local: Site, reviewed: str) -> None:
    answer = local.api.get(f"/api/documents/{reviewed}/records")
    RecordsAnswer.model_validate(answer.json())
    whole = {**answer.json()["records"][0]}
    assert whole.pop("review")["origin"] == "machine"
    IndicatorRecord.model_validate(whole)  # the contract's record, for scripts
    first = answer.json()["records"][0]["record_id"]
    body = {"op": "accept", "client_op_id": "accept-00001", "record": first, "before": "draft"}
    done = local.api.post(f"/api/documents/{reviewed}/operations", json=body)
    assert done.status_code == 200, done.text
    OperationAnswer.model_validate(done.json())
    again = local.api.post(f"/api/documents/{reviewed}/operations", json=body)
    assert again.json()["seq"] == done.json()["seq"]
    history = local.api.get(f"/api/documents/{reviewed}/history")
    events = TypeAdapter(HistoryAnswer).validate_python(history.json())
    assert [event.op for event in events].count("accept") == 1
    changed = local.api.get(f"/api/documents/{reviewed}/records", params={"since": done.json()["seq"]}).json()
    assert changed["records"] == []


def test_a_conflict_tells_both_values(local: Site, reviewed: str) -> None:
    entry = records(local, reviewed)[1]
    edit = {
        "op": "edit", "record": entry["record_id"],
        "changes": [{"field": "notes", "before": entry["notes"], "after": "甲"}],
    }  # fmt: skip
    path = f"/api/documents/{reviewed}/operations"
    assert local.api.post(path, json=edit | {"client_op_id": "conflict-001"}).status_code == 200
    other = json.loads(json.dumps(edit).replace(json.dumps("甲"), json.dumps("乙")))
    answer = local.api.post(path, json=other | {"client_op_id": "conflict-002"})
    assert answer.status_code == 409
    told = answer.json()
    assert told["error"]["code"] == "conflict"
    assert told["conflicts"][0]["yours"] == "乙"
    assert told["conflicts"][0]["current"] == "甲"
    assert [one["record_id"] for one in told["records"]] == [entry["record_id"]]


def test_a_preview_writes_nothing(local: Site, reviewed: str) -> None:
    before = local.api.get(f"/api/documents/{reviewed}/records").json()
    wanted = [one["record_id"] for one in before["records"] if one["status"] == "draft"]
    body = {"op": "accept_many", "client_op_id": "preview-001", "records": wanted}
    answer = local.api.post(f"/api/documents/{reviewed}/preview", json=body)
    assert answer.status_code == 200
    assert len(answer.json()["changes"]) == len(wanted)
    assert local.api.get(f"/api/documents/{reviewed}/records").json() == before


def test_a_nonsensical_operation_is_refused_with_its_code(local: Site, reviewed: str) -> None:
    body = {"op": "accept", "client_op_id": "nonsense-01", "record": "no-such-record", "before": "draft"}
    answer = local.api.post(f"/api/documents/{reviewed}/operations", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "unknown_record"
    for broken in ({"op": "burn"}, {"op": "accept"}, {**body, "client_op_id": "x"}):
        assert local.api.post(f"/api/documents/{reviewed}/operations", json=broken).status_code == 422


def test_bulk_takes_a_section_as_json(local: Site, reviewed: str) -> None:
    path = f"/api/documents/{reviewed}/bulk"
    everything = local.api.get(path, params={"confidence": 0}).json()
    some_path = records(local, reviewed)[-1]["path"]
    section = local.api.get(path, params={"confidence": 0, "section": json.dumps(some_path, ensure_ascii=False)}).json()
    assert 0 < len(section["records"]) < len(everything["records"])
    for wrong in ("{", '"x"', "[1]", "[" * 3000):
        assert local.api.get(path, params={"section": wrong}).status_code == 422


def test_the_difference_names_what_people_changed(local: Site, reviewed: str) -> None:
    found = local.api.get(f"/api/documents/{reviewed}/diff").json()
    DiffAnswer.model_validate(found)
    assert [one["final"] for one in found["changes"] if one["field"] == "notes"] == ["甲"]


def test_a_place_is_kept_per_person(guarded: Site) -> None:
    made = guarded.upload("地方.txt", b"x", guarded.with_token("uploader"))["id"]
    path = f"/api/documents/{made}/place"
    first, second = guarded.with_token("reviewer"), guarded.with_token("approver")
    assert first.get(path).json() == {}
    assert first.put(path, json={"record": "r1", "scroll": 12}).status_code == 204
    assert first.get(path).json() == {"record": "r1", "scroll": 12}
    assert second.get(path).json() == {}
    assert first.put(path, json={"x": "y" * 30_000}).status_code in {413, 422}


def test_pages_come_with_an_etag_and_for_ever(local: Site, pdf: str) -> None:
    pages = local.api.get(f"/api/documents/{pdf}/pages").json()
    PagesAnswer.model_validate(pages)
    path = f"/api/documents/{pdf}/pages/{pages['pages'][0]['number']}.png"
    answer = local.api.get(path, params={"scale": "1.5"})
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    etag = answer.headers["etag"]
    assert local.api.get(path, params={"scale": "1.5"}, headers={"If-None-Match": etag}).status_code == 304
    assert local.api.get(path, params={"scale": "1"}, headers={"If-None-Match": etag}).status_code == 200
    assert local.api.get(path, params={"scale": "7"}).status_code == 422
    assert local.api.get(f"/api/documents/{pdf}/pages/99.png").status_code == 404


def test_the_text_of_a_page_has_the_place_of_every_character(local: Site, pdf: str) -> None:
    path = f"/api/documents/{pdf}/pages/1/text"
    answer = local.api.get(path)
    lines = LinesAnswer.model_validate(answer.json()).lines
    assert lines
    assert all(len(line.edges) in {0, len(line.text) + 1} for line in lines)
    assert local.api.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_the_content_is_as_described(local: Site, pdf: str, notice: str) -> None:
    for document_id in (pdf, notice):
        found = ContentAnswer.model_validate(local.api.get(f"/api/documents/{document_id}/content").json())
        assert found.total == len(found.blocks) > 0
    short = local.api.get(f"/api/documents/{notice}/content", params={"first": 1, "count": 2}).json()
    assert [block["index"] for block in short["blocks"]] == [1, 2]


def test_before_extraction_the_document_is_there_and_its_text_is_not(guarded: Site) -> None:
    client = guarded.with_token("admin")
    data = (ROOT / "corpus/pdf/01_civil-task-table.pdf").read_bytes()
    made = guarded.upload("排队.pdf", data, client)["id"]
    assert client.get(f"/api/documents/{made}").json()["state"] == "queued"
    assert client.get(f"/documents/{made}").status_code == 200
    assert client.get(f"/api/documents/{made}/pages").json()["pages"]
    assert client.get(f"/api/documents/{made}/pages/1.png").status_code == 200
    assert client.get(f"/api/documents/{made}/pages/1/text").status_code == 404
    assert client.get(f"/api/documents/{made}/content").status_code == 409
    assert client.get(f"/api/documents/{made}/export").status_code == 409
    assert client.get(f"/api/documents/{made}/records").json()["complete"] is False


def test_the_stream_tells_the_state_at_once_and_changes_as_they_happen(local: Site, reviewed: str) -> None:
    heard: list[str] = []
    started, done = threading.Event(), threading.Event()

    def listen() -> None:
        with local.client().stream("GET", f"/api/documents/{reviewed}/stream") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            for line in stream.iter_lines():
                heard.append(line)
                if line == "event: ready":
                    started.set()
                if line.startswith("data:") and "seq" in line:
                    break
        done.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert started.wait(10)
    body = {"op": "undo", "client_op_id": "stream-undo-1"}
    seq = local.api.post(f"/api/documents/{reviewed}/operations", json=body).json()["seq"]
    assert done.wait(10)
    assert "event: progress" in heard
    assert heard[-2] == "event: changed"
    assert json.loads(heard[-1].removeprefix("data: ")) == {"seq": seq, "actor": "local"}


def test_the_stream_hears_what_another_server_wrote(
    local: Site, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.web.routes.stream.LOOK_EVERY", 0.2)
    monkeypatch.setattr(local.workspace.bus, "tell", lambda *_, **__: None)  # as if this process knew nothing of it
    with local.client().stream("GET", f"/api/documents/{reviewed}/stream") as stream:
        lines = stream.iter_lines()
        assert "event: ready" in (next(lines) for _ in range(20))
        body = {"op": "redo", "client_op_id": "stream-redo-1"}
        seq = local.api.post(f"/api/documents/{reviewed}/operations", json=body).json()["seq"]
        told = next(line for line in lines if line.startswith("data:") and "seq" in line)
        assert json.loads(told.removeprefix("data: "))["seq"] == seq


def test_the_stream_of_an_unknown_document_is_a_404(local: Site) -> None:
    assert local.api.get("/api/documents/none/stream").status_code == 404


def test_a_reviewer_must_have_an_account(guarded: Site) -> None:
    client = guarded.with_token("reviewer")
    made = guarded.upload("分派.txt", b"assign", client)["id"]
    path = f"/api/documents/{made}/reviewer"
    assert client.put(path, json={"reviewer": "nobody"}).status_code == 422
    assert client.put(path, json={"reviewer": "approver"}).json()["reviewer"] == "approver"
    assert client.put(path, json={"reviewer": None}).json()["reviewer"] is None


def test_tokens_are_shown_once_and_end_when_revoked(own: Site) -> None:
    session = own.with_session("reviewer")
    made = session.post("/api/tokens", json={"name": "评分脚本"})
    assert made.status_code == 201
    secret = made.json()["token"]
    script = own.client(headers={"Authorization": f"Bearer {secret}"})
    assert script.get("/api/me").json()["role"] == "reviewer"
    assert secret not in session.get("/api/tokens").text
    assert secret not in session.get("/account").text
    other = own.with_session("uploader")
    assert other.delete(f"/api/tokens/{made.json()['id']}").status_code == 404
    assert session.delete(f"/api/tokens/{made.json()['id']}").status_code == 204
    assert script.get("/api/me").status_code == 401


def test_users_are_made_changed_and_reset_by_the_administrator(own: Site) -> None:
    admin = own.with_session("admin")
    body = {"name": "张三", "display": "张三", "role": "uploader", "password": "一句 足够长的话"}
    assert admin.post("/api/users", json=body).status_code == 201
    assert admin.post("/api/users", json=body).status_code == 409
    assert admin.post("/api/users", json=body | {"name": "李 四"}).status_code == 422
    assert admin.put("/api/users/张三", json={"role": "reviewer"}).json()["role"] == "reviewer"
    assert admin.put("/api/users/none", json={}).status_code == 404
    assert admin.put("/api/users/admin", json={"role": "uploader"}).json()["error"]["code"] == "last_admin"
    assert admin.post("/api/users/张三/password", json={"password": "另一句 足够长的话"}).status_code == 204
    login = own.client().post("/login", data={"name": "张三", "password": "另一句 足够长的话"})
    assert login.status_code == 303
    assert "password_hash" not in admin.get("/api/users").text
    assert "argon2" not in admin.get("/users").text


def test_secrets_of_the_settings_are_never_shown(own: Site) -> None:
    admin = own.with_session("admin")
    body = {"webhook_url": "http://127.0.0.1:9/scores", "webhook_secret": "very-secret-words"}
    assert admin.put("/api/settings", json=body).json()["webhook_secret"] is True
    for path in ("/api/settings", "/settings", "/api/audit", "/audit"):
        assert "very-secret-words" not in admin.get(path).text
    assert admin.put("/api/settings", json={"two_person_approval": True}).json()["webhook_secret"] is True
    assert admin.put("/api/settings", json={"unknown": 1}).status_code == 422


def test_the_audit_tells_who_did_what(own: Site) -> None:
    admin = own.with_session("admin")
    made = own.upload("审计.txt", b"audit", admin)["id"]
    assert admin.delete(f"/api/documents/{made}").status_code == 204
    entries = admin.get("/api/audit", params={"actor": "admin"}).json()["entries"]
    assert [one["action"] for one in entries][:2] == ["delete", "upload"]
    assert admin.get(f"/api/documents/{made}").status_code == 404
    page = admin.get("/audit").text
    assert "审计.txt" in page
    assert "删除文件" in page
