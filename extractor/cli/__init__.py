"""The command ``extractor``. Thin: each subcommand calls the library, and imports it only when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from extractor.cli.arguments import UsageError, build_parser
from extractor.errors import ConfigError, ExtractorError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line. 0: all read; 1: something failed, each thing named on stderr; 2: wrong usage."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    gc.set_threshold(50_000, 20, 100)  # records hold no cycles: on 50 000 rows the collector took a third of the time
    try:
        code = _run(options.command, options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断 / interrupted\n")
        return 130
    except UsageError as error:
        parser.error(str(error))
    except ExtractorError as error:
        if options.debug:
            raise
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, ConfigError) else 1
    except Exception as error:
        if options.debug:
            raise
        from extractor.cli.failure import internal_error

        sys.stderr.write(internal_error(error) + "\n")
        return 1


def _run(command: str, options: object) -> int:
    from importlib import import_module

    run = import_module(f"extractor.cli.{command}").run
    return int(run(options))
