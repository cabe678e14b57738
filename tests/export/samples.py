"""Records made by hand, with everything that an exporter can trip over."""

from __future__ import annotations

from typing import Any

from extractor.types.record import (
    Deadline,
    DocumentInfo,
    Evidence,
    ExtractionFile,
    IndicatorRecord,
    Responsible,
    Target,
)


def make_record(at: int, path: tuple[str, ...], text: str, **fields: Any) -> IndicatorRecord:
    place = Evidence(start=at * 100, end=at * 100 + len(text), page=1 + at // 3, cell=(0, at + 1, 2))
    defaults: dict[str, Any] = {"kind": "task", "confidence": 0.9, "evidence": place}
    return IndicatorRecord(record_id=f"{at:016x}", path=path, text=text, **defaults | fields)


def make_file(records: tuple[IndicatorRecord, ...], **fields: Any) -> ExtractionFile:
    defaults = {"source_name": "分解表.docx", "sha256": "0" * 64, "title": "云溪市民政局2023年重点工作任务分解表"}
    return ExtractionFile(extractor_version="0", document=DocumentInfo(**defaults | fields), records=records)


def make_sample() -> ExtractionFile:
    share = Target(metric="农村低保标准与城市低保标准的占比", op="ge", value=75.0, unit="%", due="2023-12-31")
    rank = Target(metric="排名", op="le", value=3, unit="名", scope="市（州）", alternative=1, strength="strive")
    news = Target(metric="报送信息", op="ge", value=3, unit="条", per="月", due="2023-06-30")
    who = (
        Responsible(name="王大明", role="leader"),
        Responsible(name="社会救助科", role="lead"),
        Responsible(name="财务科", role="support"),
        Responsible(name="办公室", role="support"),
    )
    records = (
        make_record(
            0,
            ("社会救助", "低保"),
            "提高农村低保标准，与城市低保标准的占比不低于75%，或排名进入前3名。",
            kind="target",
            number="1.",
            points=5,
            row_points=5,
            targets=(share, rank),
            deadlines=(Deadline(raw="年底前", end="2023-12-31"),),
            responsible=who,
            assessed=("县（市、区）",),
            scoring_text="≥75%得5分",
            notes='=HYPERLINK("x")',
        ),
        make_record(1, ("社会救助", "低保"), "每月报送信息3条以上", kind="target", number="2.", targets=(news,)),
        make_record(2, ("社会救助", "临时救助"), "-5%以内，建立工作机制。", tier="优秀"),
        make_record(3, ("加分项",), "被表彰的，每次加5分，最高加10分。", kind="bonus", points=5, points_cap=10.0,
                    per_occurrence=True),
        make_record(4, (), "发生事故的，扣3分\x07。", kind="penalty", points=2.5, confidence=0.55),
    )  # fmt: skip
    info = {"document_number": "云民〔2023〕12号", "issuer": "云溪市民政局", "issued_on": "2023-03-01"}
    return make_file(records, **info)
