"""The extraction process: reads a file, hands over drafts as they are made, and never touches the database."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import ArtifactError, ConfigError, ExtractorError, ReadError

if TYPE_CHECKING:
    from extractor.config import ModelsConfig
    from extractor.types.document import Document
    from extractor.types.issue import Issue
    from extractor.types.record import DocumentInfo, IndicatorRecord, Unclaimed

_FIRST_BATCH = 20  # records: so many are shown at once
_BATCH = 400
_PAUSE = 0.25  # seconds between two messages of progress, and after which a smaller batch goes


@dataclass(frozen=True, slots=True)
class Job:
    """``parsed``: where the parsed document is written. ``models``: the components to use. ``drafts`` false: only the
    parsed document is wanted.
    """

    document_id: str
    path: str
    name: str
    parsed: str
    max_pages: int
    max_chars: int
    models: ModelsConfig | None = None
    drafts: bool = True


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has imported what it needs."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``total`` is 0 where it can't be told."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parsed document lies in its file. ``chunks``: its words for the search, each with its offset."""

    format: str
    pages: int
    chunks: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Records as assembled, not yet checked; the first of them is number ``first`` of the document."""

    first: int
    records: Sequence[IndicatorRecord]


@dataclass(frozen=True, slots=True)
class Done:
    """``records`` as checked, in place of the drafts; ``counts`` and ``risk`` as of ``ReviewState``."""

    info: DocumentInfo
    counts: dict[str, int]
    risk: float
    records: Sequence[IndicatorRecord]
    unclaimed: Sequence[Unclaimed]
    issues: Sequence[Issue]


@dataclass(frozen=True, slots=True)
class Failed:
    """The file can't be read; ``message`` is for the user. A fault of ours has the code ``internal``."""

    code: str
    message: str


Message = Ready | Progress | Parsed | Drafts | Done | Failed


def main(connection: Connection[Any, Any], address_space: int | None) -> None:
    """The process: ``Job`` → messages that end with ``Done`` or ``Failed``."""
    if address_space is not None:
        _limit(address_space)
    _warm()
    connection.send(Ready())
    while True:
        job: Job = connection.recv()
        try:
            connection.send(_done(job, connection))
        except (BrokenPipeError, ConnectionError):
            raise
        except ReadError as error:
            connection.send(Failed(error.code, _without_options(error)))
        except (ArtifactError, ConfigError) as error:
            connection.send(Failed("settings", str(error)))
        except ExtractorError as error:
            connection.send(Failed("unreadable", str(error)))
        except MemoryError:
            connection.send(Failed("memory", "提取需要的内存太多 / the extraction needs too much memory"))
        except Exception as error:  # noqa: BLE001 - one document must not end the others' extraction
            what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            connection.send(Failed("internal", f"内部错误，请报告 / internal error, please report it ({what})"))
        gc.collect()


def _done(job: Job, connection: Connection[Any, Any]) -> Done:
    from extractor.components import load_components
    from extractor.formats import ReadOptions, read_document
    from extractor.pipeline import extract_document
    from extractor.review.state import ReviewState
    from extractor.store.parsed import save

    reporter = _Reporter(connection)
    data = Path(job.path).read_bytes()
    _refuse_many_pages(data, job.max_pages)
    reporter.progress("reading", 0, 0)
    options = ReadOptions(
        max_chars=job.max_chars, progress=lambda done, total: reporter.progress("reading", done, total)
    )
    document = read_document(data, name=job.name, options=options)
    save(document, Path(job.parsed))
    connection.send(Parsed(document.source.format, len(document.pages), chunks(document)))
    watch = _watch(reporter) if job.drafts else None
    result = extract_document(document, watch=watch, components=load_components(job.models))
    reporter.flush()
    state = ReviewState(result.records, result.info, text=document.text)
    return Done(result.info, state.counts(), state.risk(), result.records, result.unclaimed, result.issues)


def _refuse_many_pages(data: bytes, most: int) -> None:
    from extractor.formats.detect import detect
    from extractor.formats.pages import Pages

    if detect(data) != "pdf":
        return
    with Pages(data) as pages:
        if len(pages) > most:
            raise ReadError(
                "too_many_pages",
                f"文件有{len(pages)}页，超过{most}页的上限，请拆分后上传 / {len(pages)} pages, more than the {most} allowed: "
                "split the file",
            )


def _without_options(error: ReadError) -> str:
    """Messages that name an option of the command line say here what a browser's user can do."""
    if error.code == "encrypted" and "--password" in str(error):
        return "PDF已加密，请去掉密码后再上传 / the PDF is encrypted: remove the password and upload it again"
    return str(error)


class _Reporter:
    """Sends progress and drafts, each not too often: a message costs both sides some work."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._stage = ""
        self._said = 0.0
        self._batch: list[IndicatorRecord] = []
        self._sent = 0
        self._handed = 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage or now - self._said >= _PAUSE:
            self._connection.send(Progress(stage, done, total))
            self._stage, self._said = stage, now

    def record(self, record: IndicatorRecord) -> None:
        self._batch.append(record)
        size, now = len(self._batch), time.monotonic()
        if size >= _BATCH or (size >= _FIRST_BATCH and now - self._handed >= _PAUSE):
            self.flush()

    def flush(self) -> None:
        if self._batch:
            self._connection.send(Drafts(self._sent, tuple(self._batch)))
            self._sent += len(self._batch)
            self._batch, self._handed = [], time.monotonic()


def _watch(reporter: _Reporter) -> Any:  # noqa: ANN401 - a Watch, whose class is imported late
    from extractor.pipeline import Watch

    class Reporting(Watch):
        def stage(self, name: str, done: int, total: int) -> None:
            reporter.progress(name, done, total)

        def record(self, record: IndicatorRecord, done: int, total: int) -> None:
            reporter.record(record)
            reporter.progress("records", done, total)

    return Reporting()


def chunks(document: Document) -> list[tuple[int, str]]:
    """What the search shows a hit in: paragraphs, and rows of tables, without a web page's frame."""
    text = document.text
    found: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.layer == "chrome":
            continue
        if block.table is None:
            found.append((block.span.start, text[block.span.start : block.span.end]))
            continue
        rows: dict[int, list[tuple[int, int]]] = {}
        for cell in document.tables[block.table].cells:
            if cell.span.end > cell.span.start:
                rows.setdefault(cell.row, []).append(cell.span)
        for spans in rows.values():
            start, end = min(start for start, _ in spans), max(end for _, end in spans)
            found.append((start, text[start:end]))
    return [(start, words) for start, words in found if words.strip()]


def _warm() -> None:
    """Imports readers and lexicons before the first document needs them."""
    from importlib import import_module

    from extractor.formats import BUILTIN
    from extractor.pipeline import extract

    for reader in BUILTIN.values():
        import_module(reader.partition(":")[0])
    for late in ("extractor.formats.pages", "extractor.review.state", "extractor.store.parsed"):
        import_module(late)
    extract("一、重点任务\n（一）年底前，建成充电桩不少于20个，完成率达到95%以上。（责任单位：示例局）\n".encode())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # records hold no cycles; see the command line


def _limit(size: int) -> None:
    """Where the system has no /proc that a watchdog could read."""
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):
        return
