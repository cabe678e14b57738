"""One document from its bytes to the line that is kept of it: what every executor runs."""

from __future__ import annotations

import errno
import gc
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.config import ModelsConfig
from extractor.errors import ExtractorError, ReadError
from extractor.types.batch import Outcome, Task

if TYPE_CHECKING:
    from extractor.pipeline import Result
    from extractor.types.document import Document

_MB = 1_000_000
_COLLECT_EVERY = 50_000_000  # characters of results and sources between two full collections
_SHORT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EIO})
_POOR = 0.5  # a document whose records are this uncertain on the whole wants a look


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one document: seconds of wall clock, megabytes of memory, characters of text."""

    seconds: float = 300.0
    memory_mb: int = 2000
    max_chars: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What all tasks of a run share. ``parsed``: the folder of parsed documents, None to keep none."""

    version: str
    parser_version: str
    models: ModelsConfig
    limits: Limits
    parsed: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has imported what it needs."""


def main(connection: Connection[Any, Any], plan: Plan) -> None:
    """The process: ``Task`` → ``Outcome``, one at a time, until the pipe closes."""
    _limit(plan.limits.memory_mb)
    _warm(plan)
    connection.send(Ready())
    seen = 0
    while True:
        task: Task = connection.recv()
        outcome = work(task, plan)
        connection.send(outcome)
        seen += task.size + len(outcome.data)
        if seen > _COLLECT_EVERY:
            seen = 0
            gc.collect()


def work(task: Task, plan: Plan) -> Outcome:
    """Reads, extracts and writes down; whatever goes wrong with the document is in the outcome, never raised."""
    begun = time.perf_counter()
    try:
        return _done(task, plan, begun)
    except ReadError as error:
        return _failed(task, begun, error.code, str(error))
    except ExtractorError as error:
        return _failed(task, begun, "unreadable", str(error))
    except MemoryError:
        message = "提取需要的内存太多 / the extraction needs too much memory"
        return _failed(task, begun, "memory", message, again=True)
    except OSError as error:
        if error.errno not in _SHORT:
            return _failed(task, begun, "internal", _internal(error))
        message = f"系统资源不足，补足后用 --retry system 重做 / the system lacks something, then --retry system: {error.strerror}"
        return _failed(task, begun, "system", message, again=True)
    except Exception as error:  # noqa: BLE001 - one document must not end the others' run
        return _failed(task, begun, "internal", _internal(error))


def _done(task: Task, plan: Plan, begun: float) -> Outcome:
    from extractor.components import load_components
    from extractor.pipeline import extract_document

    document, parse_ms, notice = _document(task, plan)
    result = extract_document(document, components=load_components(plan.models))
    data = result.to_json(indent=None).encode()
    return Outcome(
        sha256=task.sha256,
        data=data,
        pages=len(document.pages),
        characters=len(document.text),
        records=len(result.records),
        format=document.source.format,
        ms=_ms(begun),
        parse_ms=parse_ms,
        flags=_flags(result),
        notice=notice,
    )


def _document(task: Task, plan: Plan) -> tuple[Document, int | None, str | None]:
    """The parsed document under the task's name, the milliseconds that parsing took (None where it was kept), and what is
    to be said of the cache.
    """
    from dataclasses import replace

    from extractor.formats import ReadOptions, read_document
    from extractor.store import parsed

    kept = None if plan.parsed is None else parsed.place(Path(plan.parsed), task.sha256, plan.parser_version)
    if kept is not None and (known := _kept(kept)) is not None:
        return replace(known, source=replace(known.source, name=task.name)), None, None
    begun = time.perf_counter()
    document = read_document(_bytes(task), name=task.name, options=ReadOptions(max_chars=plan.limits.max_chars))
    if document.source.sha256 != task.sha256:
        message = "文件在排队期间被改动，重新运行即可 / the file changed while it waited: run the command again"
        raise ReadError("changed", message)
    took = _ms(begun)
    return document, took, None if kept is None else _save(document, kept)


def _save(document: Document, path: Path) -> str | None:
    """What is to be said where it can't be kept: it is parsed again next time, which costs nothing but time."""
    from extractor.store import parsed

    try:
        parsed.save(document, path)
    except OSError as error:
        return f"解析缓存写不了，结果不受影响 / the cache of parsed documents can't be written, results are whole: {error.strerror}"
    return None


def _kept(path: Path) -> Document | None:
    from extractor.store import parsed

    try:
        return parsed.decode(path.read_bytes())
    except (OSError, ValueError):
        return None  # not there, or cut short: it is parsed anew


def _bytes(task: Task) -> bytes:
    try:
        return Path(task.location).read_bytes()
    except FileNotFoundError as error:
        raise ReadError("missing", "文件已不在原处 / the file is no longer there") from error
    except OSError as error:
        raise ReadError("missing", f"文件打不开 / can't open the file: {error.strerror}") from error


def _flags(result: Result) -> tuple[str, ...]:
    """Codes, sorted: of the document's own issues, and of a result that looks too thin to be right."""
    found = {issue.code for issue in result.issues if issue.severity != "info"}
    records = result.records
    if not records:
        found.add("no_records")
    elif sum(record.confidence for record in records) < _POOR * len(records):
        found.add("low_confidence")
    if len(result.unclaimed) > max(5, len(records)):
        found.add("many_unclaimed")
    return tuple(sorted(found))


def _failed(task: Task, begun: float, error_class: str, error: str, *, again: bool = False) -> Outcome:
    return Outcome(sha256=task.sha256, ms=_ms(begun), error_class=error_class, error=error, again=again)


def _internal(error: Exception) -> str:
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"内部错误，请报告 / internal error, please report it ({what})"


def _ms(begun: float) -> int:
    return round((time.perf_counter() - begun) * 1000)


def _warm(plan: Plan) -> None:
    """Imports readers, lexicons and components before the first document needs them."""
    from importlib import import_module

    from extractor.formats import BUILTIN, read_document
    from extractor.pipeline import extract_document

    for reader in BUILTIN.values():
        import_module(reader.partition(":")[0])
    from extractor.components import load_components

    sample = "一、重点任务\n（一）年底前，建成充电桩不少于20个，完成率达到95%以上。（责任单位：示例局）\n"
    extract_document(read_document(sample.encode()), components=load_components(plan.models))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # records hold no cycles; see the command line


def _limit(memory_mb: int) -> None:
    """A wall behind the watchdog, which looks five times a second: one allocation may be faster than that."""
    try:
        import resource
    except ImportError:
        return
    size = (memory_mb + memory_mb // 2 + 500) * _MB
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    except (ValueError, OSError):
        return
