"""What comes in and what goes: names, limits, the same bytes twice, what can't be read, deletion."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import ReadError
from extractor.workspace.errors import NotFound, NotReady, SettingRefused, UploadRefused
from extractor.workspace.service import Workspace
from extractor.workspace.uploads import shown_name
from tests.workspace.pdf_samples import locked, pages_pdf
from tests.workspace.samples import decide, finished, ids, notice, ready

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("关于印发2026年重点工作的通知.pdf", "关于印发2026年重点工作的通知.pdf"),
        ("C:\\用户\\文件\\通知.docx", "通知.docx"),
        ("../../etc/passwd", "passwd"),
        ("<script>alert(1)</script>.txt", "script>.txt"),
        ('<img src=x onerror="alert(1)">.pdf', '<img src=x onerror="alert(1)">.pdf'),
        ("a\x00b\nc\u202efdp.exe", "abcfdp.exe"),
        ("  通知 .pdf ", "通知 .pdf"),
        ("𠮷\ud800.txt", "𠮷.txt"),
        ("..", "未命名-unnamed"),
        ("dir/", "未命名-unnamed"),
        ("字" * 300 + ".pdf", "字" * 196 + ".pdf"),
        ("字" * 300, "字" * 200),
    ],
)
def test_names_keep_what_can_be_seen(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_the_same_bytes_are_the_same_document(served: Workspace) -> None:
    data = notice()
    first, created = served.upload("一.txt", data, "li")
    again, created_again = served.upload("二.txt", data, "wang")
    assert (created, created_again) == (True, False)
    assert again.id == first.id
    assert (again.name, again.uploaded_by) == ("一.txt", "li")
    assert first.id == first.sha256[:20]


def test_what_is_refused_leaves_nothing(own: Workspace) -> None:
    own.put_settings({"max_upload_mb": 1}, "admin")
    for data, code in ((b"", "empty"), (b"x" * 1_000_001, "too_large")):
        with pytest.raises(UploadRefused) as told:
            own.upload("a.txt", data, "li")
        assert told.value.code == code
    with pytest.raises(NotFound):
        own.upload("a.txt", b"x", "li", dossier="none")
    for text in ("  \n", "a\x00b", "\ud800"):
        with pytest.raises(UploadRefused):
            own.upload_text("a", text, "li")
    assert own.upload("a.txt", b"x" * 1_000_000, "li")[1]
    assert sum(path.is_file() for path in (own.core.folder / "blobs").rglob("*")) == 1
    with pytest.raises(SettingRefused):
        own.put_settings({"max_upload_mb": 0}, "admin")


def test_pasted_text_is_a_document(served: Workspace) -> None:
    row, created = served.upload_text("会议要点", notice().decode(), "li")
    assert created
    assert row.name == "会议要点.txt"
    assert finished(served, row.id).records == 6


def test_formats_are_told_by_content(served: Workspace) -> None:
    sources = [
        ("pdf", "01_civil-task-table.pdf"),
        ("docx", "04_education-work-points.docx"),
        ("xlsx", "06_city-scoring-scheme.xlsx"),
        ("html", "09_agri-web-page.html"),
        ("txt", "03_emergency-target-notice.txt"),
    ]
    rows = []
    for folder, name in sources:
        path = CORPUS / folder / name
        rows.append(served.upload(f"{path.stem}.dat", path.read_bytes(), "li")[0])
    assert [row.format for row in rows] == ["pdf", "docx", "xlsx", "html", "text"]
    assert [finished(served, row.id).state for row in rows] == ["ready"] * 5


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pages_pdf(1)[:1500], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "unsupported"),
        (bytes(range(256)) * 40, "binary"),
        (b"   \n\n ", "empty"),
        (locked(pages_pdf(1)), "encrypted"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
    ],
)
def test_what_cannot_be_read_fails_with_its_reason_and_is_kept(shared: Workspace, data: bytes, code: str) -> None:
    row, _ = shared.upload("坏.pdf", data, "li")
    failed = finished(shared, row.id)
    assert (failed.state, failed.error_code) == ("failed", code)
    assert failed.error is not None
    assert " / " in failed.error
    assert "--" not in failed.error, "an option of the command line means nothing to a browser's user"
    path, name = shared.original(row.id)
    assert (path.read_bytes(), name) == (data, "坏.pdf")
    assert shared.records(row.id, "li")["records"] == []
    assert shared.pages(row.id) == []
    for ask in (lambda: shared.content(row.id), lambda: shared.export(row.id, "json")):
        with pytest.raises(NotReady) as told:
            ask()
        assert str(told.value) == failed.error
    assert shared.retry(row.id, "li").state == "queued"
    assert finished(shared, row.id).error_code == code


def test_a_pdf_of_too_many_pages_fails_plainly_and_its_pages_show(running: Workspace) -> None:
    running.put_settings({"max_pages": 2}, "admin")
    row, _ = running.upload("长.pdf", pages_pdf(3), "li")
    failed = finished(running, row.id)
    assert (failed.state, failed.error_code) == ("failed", "too_many_pages")
    assert "3" in (failed.error or "")
    assert len(running.pages(row.id)) == 3
    running.put_settings({"max_pages": 3}, "admin")
    running.retry(row.id, "li")
    assert finished(running, row.id).state == "ready"


def test_a_dossier_holds_a_notice_and_its_annex(served: Workspace) -> None:
    dossier = served.make_dossier("2026年考核", "li")
    loose, _ = served.upload("附件.txt", notice(), "li")
    first, _ = served.upload("通知.txt", notice(), "li", dossier.id)
    data = served.original(loose.id)[0].read_bytes()
    assert served.upload("附件.txt", data, "li", dossier.id)[0].dossier == dossier.id
    from extractor.store.documents import Query

    rows, total = served.documents(Query(dossier=dossier.id))
    assert total == 2
    assert {row.id for row in rows} == {first.id, loose.id}
    assert dossier in served.dossiers()
    with pytest.raises(UploadRefused):
        served.make_dossier("  ", "li")


def test_deleting_takes_all_but_a_line_of_the_audit(running: Workspace) -> None:
    id = ready(running, pages_pdf(2), "通知.pdf")
    row = running.document(id)
    running.page_image(id, 1, 1.0)
    running.perform(id, decide(ids(running, id)[0]), "li")
    assert running.search("工作进展")
    folder = running.core.folder
    kept = {path for path in folder.rglob("*") if row.sha256 in str(path)}
    assert len(kept) >= 3
    running.delete(id, "wang")
    assert not {path for path in folder.rglob("*") if row.sha256 in str(path)}
    assert running.search("工作进展") == []
    with pytest.raises(NotFound):
        running.document(id)
    rows, _ = running.audit(action="delete")
    assert [(each.actor, each.subject, each.detail["name"]) for each in rows] == [("wang", id, "通知.pdf")]
    assert running.upload("通知.pdf", pages_pdf(2), "li")[1]


def test_page_images_of_what_is_no_pdf(served: Workspace) -> None:
    id = ready(served)
    assert served.pages(id) == []
    with pytest.raises(NotFound):
        served.page_image(id, 1, 1.0)
    with pytest.raises(NotFound):
        served.page_text(id, 1)


def test_a_locked_pdf_has_no_pages_to_show(shared: Workspace) -> None:
    row, _ = shared.upload("锁.pdf", locked(pages_pdf(2)), "li")
    with pytest.raises(ReadError) as told:
        shared.page_image(row.id, 1, 1.0)
    assert told.value.code == "encrypted"
