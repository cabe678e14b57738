"""``extractor batch``: whole archives, resumable, with a ledger."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.arguments import UsageError
from extractor.errors import OutputError

if TYPE_CHECKING:
    from extractor.batch.run import Batch, Ended, Order
    from extractor.batch.watch import Watch


def run(options: argparse.Namespace) -> int:
    """0: all read; 1: something failed or is left, named in the report; 130: interrupted."""
    from extractor.batch.run import Batch

    order = _order(options)
    with ExitStack() as stack:
        batch = Batch(order, _watch(options, stack))
        with _interruptible(batch):
            ended = batch.run()
    _say(ended, quiet=options.quiet)
    if not ended.complete:
        return 130
    return 1 if ended.snapshot.counts.failed else 0


def _order(options: argparse.Namespace) -> Order:
    from extractor.batch.run import Order
    from extractor.batch.work import Limits
    from extractor.config import load_config

    if not options.sources and not options.resume:
        raise UsageError(
            "请给出来源，或用 --resume 继续上次的 / name the sources, or go on with the last run: --resume"
        )
    if options.out is None and options.database is None:
        raise UsageError("请用 --out 或 --database 说明结果放在哪里 / say where results go: --out or --database")
    config = load_config(options.config)
    return Order(
        sources=options.sources,
        out=Path(options.out or "extractor-batch"),
        config=config,
        database=options.database,
        in_database=options.out is None,
        workers=options.workers or 0,
        executor="dask" if options.cluster else "inprocess" if options.in_process else "local",
        cluster=options.cluster,
        retry=frozenset(filter(None, map(str.strip, (options.retry or "").split(",")))),
        parquet=not options.no_parquet,
        cache=not options.no_cache,
        limits=Limits(options.time_limit, options.memory_limit, config.read.max_chars),
    )


def _watch(options: argparse.Namespace, stack: ExitStack) -> Watch:
    from extractor.batch.show import JsonLog, Lines, Several, Terminal

    watches: list[Watch] = []
    if options.json_log == "-":
        watches.append(JsonLog(sys.stdout))
    elif options.json_log:
        try:
            log = stack.enter_context(open(options.json_log, "a", encoding="utf-8"))  # noqa: SIM115 - the stack closes it
        except OSError as error:
            raise OutputError(
                f"{options.json_log}: 写不了，请检查路径、权限和空间 / can't write: {error.strerror}"
            ) from error
        watches.append(JsonLog(log))
    if sys.stderr.isatty() and not options.quiet:
        watches.append(Terminal(sys.stderr))
    else:
        watches.append(Lines(sys.stderr, quiet=options.quiet))
    return Several(watches)


@contextmanager
def _interruptible(batch: Batch) -> Iterator[None]:
    """The first Ctrl+C (or SIGTERM) ends the run in good order, the second at once."""
    asked = 0

    def stop(_signal: int, _frame: object) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            sys.stderr.write("\n正在收尾，再按一次立即停止 / finishing what is under way; once more stops at once\n")
            batch.drain()
        else:
            batch.abort()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _say(ended: Ended, *, quiet: bool) -> None:
    if quiet:
        return
    counts = ended.snapshot.counts
    left = counts.left
    sys.stderr.write(
        f"{counts.files} 份文件：成功 {counts.done}，失败 {counts.failed}，重复 {counts.duplicates}"
        + (f"，未处理 {left}" if left else "")
        + f"；{counts.records} 条记录 / files: ok {counts.done}, failed {counts.failed}, duplicates {counts.duplicates}"
        + (f", left {left}" if left else "")
        + f"; records {counts.records}\n报告 / report: {ended.reports[1]}\n"
    )
