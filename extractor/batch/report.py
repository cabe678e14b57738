"""What a run came to, as ``report.json`` for machines and ``report.html`` for people. Both stream: failures may be many."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection

from extractor.batch.show import duration
from extractor.batch.source_names import shown
from extractor.batch.watch import Snapshot
from extractor.errors import OutputError
from extractor.store import ledger_report
from extractor.store.ledger import Run

_SLOWEST = 20
_SHOWN = 2000  # failures on the page; the JSON has them all


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger doesn't know of an execution. ``ignored``: path and reason, cut at some number; ``results``: where
    they lie, None in the database.
    """

    sources: Sequence[str]
    started: str
    ended: str
    complete: bool
    ignored: Sequence[tuple[str, str]]
    ignored_count: int
    results: str | None


def write_report(connection: Connection, run: Run, snapshot: Snapshot, facts: Facts, folder: Path) -> tuple[Path, Path]:
    """The paths of the JSON and of the page. Raises ``OutputError``."""
    made = folder / "report.json", folder / "report.html"
    head = _head(connection, run, snapshot, facts)
    writers: tuple[Callable[[TextIO], None], ...] = (
        lambda file: _json(file, connection, run, head),
        lambda file: _html(file, connection, run, head),
    )
    for path, write in zip(made, writers, strict=True):
        beside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")  # two may end at once
        try:
            with beside.open("w", encoding="utf-8") as file:
                write(file)
            beside.replace(path)
        except OSError as error:
            raise OutputError(f"{path}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}") from error
        finally:
            beside.unlink(missing_ok=True)
    return made


def _head(connection: Connection, run: Run, snapshot: Snapshot, facts: Facts) -> dict[str, Any]:
    counts = snapshot.counts
    return {
        "documents": counts.files,
        "ok": counts.done,
        "failed": counts.failed,
        "duplicates": counts.duplicates,
        "left": counts.left,
        "records": counts.records,
        "pages": counts.pages,
        "seconds": round(snapshot.seconds, 1),
        "complete": facts.complete,
        "started": facts.started,
        "ended": facts.ended,
        "extractor_version": run.version,
        "parser_version": run.parser_version,
        "sources": [shown(each) for each in facts.sources],
        "results": facts.results,
        "ignored": facts.ignored_count,
        "ignored_files": [{"path": path, "reason": reason} for path, reason in facts.ignored],
        "failures_by_class": dict(sorted(counts.failures.items(), key=lambda each: (-each[1], each[0]))),
        "flags": ledger_report.flags(connection, run),
        "slowest": [
            {"path": each.path, "seconds": round(each.ms / 1000, 2), "pages": each.pages, "records": each.records}
            for each in ledger_report.slowest(connection, run, _SLOWEST)
        ],
    }


def _failures(connection: Connection, run: Run) -> Iterator[dict[str, Any]]:
    for each in ledger_report.failures(connection, run):
        yield {"path": each.path, "class": each.error_class, "reason": each.error, "attempts": each.attempts}


def _json(file: TextIO, connection: Connection, run: Run, head: dict[str, Any]) -> None:
    file.write(json.dumps(head, ensure_ascii=False, indent=1)[:-2])
    flagged = ({"path": path, "flags": flags} for path, flags in ledger_report.flagged(connection, run))
    doubled = ({"path": path, "same_as": first} for path, first in ledger_report.duplicates(connection, run))
    lists = {"failures": _failures(connection, run), "flagged_files": flagged, "duplicate_files": doubled}
    for name, rows in lists.items():
        file.write(f',\n "{name}": [')
        for at, row in enumerate(rows):
            file.write((",\n  " if at else "\n  ") + json.dumps(row, ensure_ascii=False))
        file.write("\n ]")
    file.write("\n}\n")


_LABELS = (
    ("documents", "文件", "documents"), ("ok", "成功", "read"), ("failed", "失败", "failed"),
    ("duplicates", "重复", "duplicates"), ("left", "未处理", "left"), ("records", "记录", "records"),
    ("pages", "页", "pages"), ("ignored", "略过", "ignored"),
)  # fmt: skip
_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;margin:2rem auto;
max-width:75rem;padding:0 1rem;color:#1c2430}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
dl{display:flex;flex-wrap:wrap;gap:.75rem;margin:0}dl div{border:1px solid #d5dae3;border-radius:.5rem;padding:.4rem 1rem;
min-width:6rem}dt{color:#5a6577;font-size:.85rem}dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.bad dd{color:#a4161a}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;
border-bottom:1px solid #e3e7ee;overflow-wrap:anywhere}th{color:#5a6577;font-weight:600}td:nth-child(2){white-space:nowrap}
.sub{color:#5a6577}"""


def _html(file: TextIO, connection: Connection, run: Run, head: dict[str, Any]) -> None:
    write = file.write
    write(
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>批量提取报告 / Batch report</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>\n'
        f"<h1>批量提取报告 <span class=sub>Batch report</span></h1>\n<p>{_text('；'.join(head['sources']))}</p>\n"
    )
    state = (
        "已完成 / complete"
        if head["complete"]
        else "未完成，再次运行同一命令即可继续 / not complete: run the command again"
    )
    write(
        f"<p class=sub>{state} · {_moment(head['started'])} – {_moment(head['ended'])} UTC · {duration(head['seconds'])} · "
        f"{_text(head['extractor_version'])}</p>\n<dl>"
    )
    for name, chinese, english in _LABELS:
        bad = " class=bad" if name in ("failed", "left") and head[name] else ""
        write(f"<div{bad}><dt>{chinese} {english}</dt><dd>{head[name]:,}</dd></div>")
    write("</dl>\n")
    _counted(file, "失败原因 / Failures by class", head["failures_by_class"])
    _counted(file, "质量提示 / Quality flags", head["flags"])
    _failed_table(file, connection, run, head["failed"])
    flagged = ((path, "、".join(flags)) for path, flags in ledger_report.flagged(connection, run))
    _table(file, "请核对的文件 / Files to look at", ("文件 / file", "提示 / flags"), islice(flagged, _SHOWN))
    rows = [
        (each["path"], f"{each['seconds']:.2f}", str(each["pages"]), str(each["records"])) for each in head["slowest"]
    ]
    _table(file, "最慢的文件 / Slowest files", ("文件 / file", "秒 / s", "页 / pages", "记录 / records"), rows)
    _table(
        file, "略过的文件 / Ignored", ("文件 / file", "原因 / reason"),
        [(each["path"], each["reason"]) for each in head["ignored_files"]],
    )  # fmt: skip
    write("</body></html>\n")


def _failed_table(file: TextIO, connection: Connection, run: Run, failed: int) -> None:
    def rows() -> Iterator[tuple[str, ...]]:
        for at, each in enumerate(_failures(connection, run)):
            if at == _SHOWN:
                return
            yield each["path"], each["class"], each["reason"] or "", str(each["attempts"])

    _table(
        file, "失败的文件 / Files that failed",
        ("文件 / file", "类别 / class", "原因 / reason", "次数 / attempts"), rows() if failed else (),
    )  # fmt: skip
    if failed > _SHOWN:
        file.write(f"<p class=sub>只列{_SHOWN}份，全部见 report.json / the first {_SHOWN}; all in report.json</p>\n")


def _counted(file: TextIO, title: str, counts: dict[str, int]) -> None:
    _table(file, title, ("类别 / class", "份 / files"), [(name, f"{count:,}") for name, count in counts.items()])


def _table(
    file: TextIO, title: str, names: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]
) -> None:
    begun = False
    for row in rows:
        if not begun:
            heads = "".join(f"<th>{name}</th>" for name in names)
            file.write(f"<h2>{title}</h2>\n<table><thead><tr>{heads}</tr></thead><tbody>\n")
            begun = True
        file.write("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>\n")
    if begun:
        file.write("</tbody></table>\n")


def _moment(at: str) -> str:
    return _text(at[:16].replace("T", " "))


def _text(value: str) -> str:
    return escape(value)
