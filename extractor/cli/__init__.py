"""The command ``extractor``. Thin: each subcommand calls the library, and imports it only when it runs."""

from __future__ import annotations

import errno
import gc
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from io import TextIOWrapper

from extractor.cli.arguments import UsageError, build_parser
from extractor.cli.failure import StdoutError, drop_stdout, explain, stdout_full
from extractor.errors import ConfigError

__all__ = ["main"]

# Of a write, not an open: nearly all of our writes that say no more are stdout's.
_UNWRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line. 0: all read; 1: something failed, each thing named on stderr; 2: wrong usage."""
    _never_unencodable()
    parser = build_parser()
    try:
        try:
            return _parsed(parser, arguments)
        finally:
            sys.stdout.flush()  # --help ends in SystemExit, and its words may have nowhere to go, too
    except BrokenPipeError:  # the reader of our output has seen enough
        drop_stdout()
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断 / interrupted\n")
        return 130
    except (StdoutError, OSError) as error:
        drop_stdout()
        sys.stderr.write(f"{stdout_full(error) if isinstance(error, OSError) else error}\n")
        return 1


def _parsed(parser: ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Runs the command line and says on one line what went wrong, unless it is stdout that fails."""
    options = parser.parse_args(arguments)
    gc.set_threshold(50_000, 20, 100)  # records hold no cycles: on 50 000 rows the collector took a third of the time
    try:
        return _run(options.command, options)
    except (BrokenPipeError, StdoutError):
        raise
    except UsageError as error:
        parser.error(str(error))
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITTEN:
            raise
        sys.stderr.write(explain(error, debug=options.debug) + "\n")
        return 2 if isinstance(error, ConfigError) else 1


def _never_unencodable() -> None:
    """A terminal that has no Chinese shows ? in its place, rather than ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(command: str, options: object) -> int:
    from importlib import import_module

    run = import_module(f"extractor.cli.{command.replace('-', '_')}").run
    return int(run(options))
