"""``extractor extract``: documents → records in a folder, a file or on stdout."""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

from extractor.cli.failure import Failed, explain, one_document, one_line
from extractor.cli.output import Sink, Streamed, make_sink
from extractor.cli.progress import Progress
from extractor.cli.reading import Reading
from extractor.export.base import Layout

if TYPE_CHECKING:
    from extractor.pipeline import Result


def run(options: argparse.Namespace) -> int:
    """Reads every file, whatever becomes of the others; 1 where one failed."""
    layout = Layout(width=_width(), rows=options.rows)
    sink = make_sink(options.files, options.output, options.format, layout)
    shown: Sink | None = Streamed("table", layout) if options.show and options.output else None
    reading = Reading(options)
    progress = Progress(len(options.files), sys.stderr, quiet=options.quiet)
    failed: list[str] = []

    def fail(at: int, error: Failed) -> None:
        failed.append(options.files[at])
        progress.say(f"{options.files[at]}: {explain(error, debug=options.debug)}", always=True)

    for at, name in enumerate(options.files):
        progress.start(name)
        try:
            with one_document():
                result = reading.result(name)
                file = result.to_contract()
                progress.clear()
                sink.take(at, file)
                if shown is not None:
                    shown.take(at, file)
        except Failed as error:
            progress.done(name)
            fail(at, error)
            continue
        progress.done(name, f"{len(file.records)} 条记录 / records")
        for line in _notes(result):
            progress.say(f"{name}: {line}")
    progress.clear()
    where = sink.finish(fail)
    if where:
        progress.say(where)
    return 1 if failed else 0


def _notes(result: Result) -> list[str]:
    """At most one line: how many things of the document a person should look at, and the first."""
    doubtful = [issue for issue in result.issues if issue.severity != "info"]
    if not doubtful:
        return []
    return [f"{len(doubtful)} 处请核对 / to check: {one_line(doubtful[0].message)}"]


def _width() -> int:
    return shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120
