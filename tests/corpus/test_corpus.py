"""The sample documents: files, manifest and gold agree with the specs, and what gold quotes stands in each format."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document as open_docx
from lxml import html as lxml_html
from openpyxl import load_workbook

from corpus.generate.__main__ import ROOT, build, files
from corpus.generate.model import Document
from corpus.generate.spec import read

CORPUS = ROOT / "corpus"
MANIFEST = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
NAMES = sorted({entry["document"] for entry in MANIFEST})
FORMATS = [(entry["document"], entry["format"]) for entry in MANIFEST]
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
FIELDS = {
    "record": {
        "path", "number", "text", "kind", "tier", "points", "per_occurrence", "points_cap", "targets", "deadlines",
        "responsible", "assessed", "optional",
    },
    "target": {
        "metric", "op", "value", "upper", "unit", "per", "baseline", "due", "scope", "raw", "strength", "implicit",
        "alternative", "optional",
    },
    "deadline": {"raw", "start", "end", "recurrence", "optional"},
}  # fmt: skip


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u3000\u00a0\ufeff]+", "", text)


def gold_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "annotations" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def spec_of(name: str) -> Document:
    return read(CORPUS / "specs" / f"{name}.spec")


def words_of(form: str, content: bytes) -> str:
    """All words of a rendered file, white space aside."""
    if form == "txt":
        return squeeze(content.decode("utf-8-sig"))
    if form == "html":
        return squeeze(str(lxml_html.fromstring(content.decode("utf-8")).text_content()))
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return squeeze("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", package.read("word/document.xml").decode())))
    if form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        return squeeze(
            "".join(str(v) for s in book for row in s.iter_rows(values_only=True) for v in row if v is not None)
        )
    pdf = pypdfium2.PdfDocument(content)
    return squeeze("".join(page.get_textpage().get_text_bounded() for page in pdf))


def test_manifest_names_every_file_with_its_hash() -> None:
    for entry in MANIFEST:
        content = (CORPUS / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
    listed = {entry["file"] for entry in MANIFEST}
    there = {
        f"{p.parent.name}/{p.name}"
        for form in ("txt", "docx", "pdf", "xlsx", "html")
        for p in (CORPUS / form).iterdir()
    }
    assert listed == there


def test_manifest_says_what_the_documents_are() -> None:
    assert len(NAMES) >= 12
    assert {form for _, form in FORMATS} == {"txt", "docx", "pdf", "xlsx", "html"}
    assert {entry["licence"] for entry in MANIFEST} == {"CC0-1.0"}
    assert {entry["split"] for entry in MANIFEST} == {"dev", "test", "train"}


def test_annotations_belong_to_the_documents() -> None:
    assert sorted(p.stem for p in (ROOT / "annotations").glob("*.json")) == NAMES


def test_two_runs_write_the_same_bytes() -> None:
    assert build() == build()


@pytest.mark.parametrize("name", NAMES)
def test_checked_in_files_are_what_the_spec_gives(name: str) -> None:
    """TXT and HTML to the byte; the others by their words, since their packing depends on library versions."""
    for form, content in files(spec_of(name)).items():
        stored = (CORPUS / form / f"{name}.{form}").read_bytes()
        if form in {"txt", "html"}:
            assert stored == content
        else:
            assert words_of(form, stored) == words_of(form, content)
    assert gold_of(name) == spec_of(name).gold()


@pytest.mark.parametrize("name", NAMES)
def test_gold_has_the_contracts_shape(name: str) -> None:
    gold = gold_of(name)
    assert gold["tasks"] in {"exhaustive", "partial"}
    for record in gold["records"]:
        assert set(record) <= FIELDS["record"], record["text"]
        assert record["kind"] in {"target", "task", "bonus", "penalty", "veto"}
        assert (record["kind"] == "target") == ("targets" in record), record["text"]
        for target in record.get("targets", []):
            assert set(target) <= FIELDS["target"]
            assert target["op"] in {"ge", "gt", "le", "lt", "eq", "approx", "between"}
            assert target["value"] is not None or target["baseline"], target
            assert (target["op"] == "between") == ("upper" in target), target
            assert DATE.fullmatch(target.get("due", "2000-01-01"))
        for deadline in record.get("deadlines", []):
            assert set(deadline) <= FIELDS["deadline"]
            assert DATE.fullmatch(deadline.get("end", "2000-01-01"))
        assert {r["role"] for r in record.get("responsible", [])} <= {"leader", "lead", "support"}


@pytest.mark.parametrize("name", NAMES)
def test_gold_quotes_the_text_in_reading_order(name: str) -> None:
    source = words_of("txt", (CORPUS / "txt" / f"{name}.txt").read_bytes())
    gold, at = gold_of(name), 0
    for field in ("title", "document_number"):
        assert squeeze(gold["document"][field] or "") in source
    for record in gold["records"]:
        found = source.find(squeeze(record["text"]), at)
        assert found >= 0, record["text"]
        at = found
        quoted = [t.get("raw", "") for t in record.get("targets", [])] + [d["raw"] for d in record.get("deadlines", [])]
        quoted += [r["name"] for r in record.get("responsible", [])] + record["path"]
        assert [q for q in quoted if squeeze(q) not in source] == [], record["text"]


@pytest.mark.parametrize(("name", "form"), FORMATS, ids=lambda v: str(v))
def test_every_format_prints_every_record(name: str, form: str) -> None:
    """The words of each record stand in the file; in a PDF a page break or a column may part them."""
    words = words_of(form, (CORPUS / form / f"{name}.{form}").read_bytes())
    for record in gold_of(name)["records"]:
        text = squeeze(record["text"])
        if form == "pdf":
            grams = [text[i : i + 3] for i in range(len(text) - 2)]
            assert sum(gram in words for gram in grams) >= 0.8 * len(grams), text
        else:
            assert text in words


def test_all_kinds_of_values_occur() -> None:
    records = [record for name in NAMES for record in gold_of(name)["records"]]
    targets = [target for record in records for target in record.get("targets", [])]
    assert {t["op"] for t in targets} == {"ge", "gt", "le", "lt", "eq", "approx", "between"}
    assert {r["kind"] for r in records} == {"target", "task", "bonus", "penalty", "veto"}
    for field in ("per", "baseline", "scope", "due", "strength", "implicit", "alternative", "upper"):
        assert sum(field in t for t in targets) >= 1, field
    for field in ("tier", "points", "points_cap", "per_occurrence", "number"):
        assert sum(field in r for r in records) >= 1, field
    assert len(records) >= 600


def test_docx_has_merged_cells_and_automatic_numbers() -> None:
    table = open_docx(str(CORPUS / "docx" / "01_civil-task-table.docx")).tables[0]
    assert table.cell(1, 1)._tc is table.cell(3, 1)._tc
    numbered = open_docx(str(CORPUS / "docx" / "04_education-work-points.docx"))
    assert any(p._p.pPr is not None and p._p.pPr.numPr is not None for p in numbered.paragraphs)


def test_long_tables_run_over_pages() -> None:
    pdf = pypdfium2.PdfDocument(CORPUS / "pdf" / "02_health-tiered-table.pdf")
    assert len(pdf) >= 3
    assert all("考核内容" in page.get_textpage().get_text_bounded() for page in list(pdf)[1:])


def test_everything_is_small_enough_to_keep() -> None:
    size = sum(p.stat().st_size for p in CORPUS.rglob("*") if p.is_file())
    assert size < 6_000_000


def test_written_files_are_the_built_ones(tmp_path: Path) -> None:
    made = build(tmp_path)
    assert {p.relative_to(tmp_path).parts[0] for p in made} == {"corpus", "annotations"}
