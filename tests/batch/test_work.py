from __future__ import annotations

import errno
import json

import pytest

from extractor.batch.work import Limits, work
from extractor.pipeline import extract
from extractor.store import parsed as parsed_files
from tests.batch.samples import notice, plan, task, write_notices


def test_the_line_is_what_extract_gives(tmp_path):
    (path,) = write_notices(tmp_path, 1)
    outcome = work(task(path), plan())
    assert outcome.ok and outcome.records == 2 and b"\n" not in outcome.data
    alone = json.loads(extract(path).to_json())
    ours = json.loads(outcome.data)
    assert ours["document"] == alone["document"]
    assert [each["record_id"] for each in ours["records"]] == [each["record_id"] for each in alone["records"]]


def test_a_parsed_document_is_used_again_under_another_name(tmp_path):
    (path,) = write_notices(tmp_path / "in", 1)
    ours = plan(parsed=tmp_path / "parsed")
    first = work(task(path), ours)
    path.rename(tmp_path / "in" / "改名.txt")
    again = work(task(tmp_path / "in" / "改名.txt"), ours)
    assert first.parse_ms is not None and again.parse_ms is None
    assert json.loads(again.data)["document"]["source_name"] == "改名.txt"
    assert json.loads(again.data)["records"] == json.loads(first.data)["records"]


def test_a_parsed_document_that_is_cut_short_is_parsed_anew(tmp_path):
    (path,) = write_notices(tmp_path / "in", 1)
    ours = plan(parsed=tmp_path / "parsed")
    whole = work(task(path), ours)
    kept = parsed_files.place(tmp_path / "parsed", whole.sha256, ours.parser_version)
    kept.write_bytes(kept.read_bytes()[:40])
    again = work(task(path), ours)
    assert again.parse_ms is not None
    assert again.data == whole.data


@pytest.mark.parametrize(
    ("content", "error_class"),
    [(b"", "empty"), (b"PK\x03\x04 torn", "damaged"), (b"\x7fELF\x02\x01\x01" + bytes(60), "binary")],
    ids=["empty", "torn zip", "a program"],
)
def test_what_cannot_be_read_is_said(tmp_path, content, error_class):
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    outcome = work(task(path), plan())
    assert outcome.error_class == error_class
    assert outcome.error and " / " in outcome.error
    assert not outcome.again


def test_a_file_that_changed_or_went_while_it_waited(tmp_path):
    (path,) = write_notices(tmp_path, 1)
    waiting = task(path)
    path.write_text(notice(7), encoding="utf-8")
    assert work(waiting, plan()).error_class == "changed"
    path.unlink()
    assert work(waiting, plan()).error_class == "missing"


def test_too_long_a_text_is_refused(tmp_path):
    (path,) = write_notices(tmp_path, 1)
    assert work(task(path), plan(Limits(max_chars=20))).error_class == "too_large"


def test_a_document_without_records_is_flagged(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("今天天气很好\n", encoding="utf-8")
    outcome = work(task(path), plan())
    assert outcome.ok and outcome.flags == ("no_records",)


def test_a_cache_that_cannot_be_written_costs_no_document(tmp_path):
    (path,) = write_notices(tmp_path / "in", 1)
    (tmp_path / "parsed").write_bytes(b"")
    outcome = work(task(path), plan(parsed=tmp_path / "parsed"))
    assert outcome.ok and outcome.data == work(task(path), plan()).data
    assert outcome.notice is not None and " / " in outcome.notice


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ("system", True)),
        (OSError("cannot identify image"), ("internal", False)),
    ],
    ids=["of the system", "of the document"],
)
def test_what_the_system_lacks_is_not_the_documents_fault(tmp_path, monkeypatch, error, expected):
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    (path,) = write_notices(tmp_path, 1)
    monkeypatch.setattr("extractor.formats.read_document", fail)
    outcome = work(task(path), plan())
    assert (outcome.error_class, outcome.again) == expected
    assert str(error.strerror or error) in (outcome.error or "")
