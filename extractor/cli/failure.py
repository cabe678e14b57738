"""What the user is told where something goes wrong: one line, Chinese and English."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from extractor.errors import ExtractorError


class StdoutError(Exception):
    """Stdout takes nothing more, so that the run can't go on; the message says why."""


class Failed(Exception):
    """One document could not be done, by the error that is its cause. The others are still done."""


@contextmanager
def one_document() -> Iterator[None]:
    """Turns whatever goes wrong within into ``Failed``, unless it is stdout, which all documents share."""
    try:
        yield
    except (BrokenPipeError, StdoutError):
        raise
    except Exception as error:
        raise Failed(str(error)) from error


def internal_error(error: BaseException) -> str:
    """One line for an error that we did not foresee."""
    what = one_line(f"{type(error).__name__}: {error}")[:200]
    return f"内部错误，请加 --debug 重试并报告 / internal error, please run with --debug and report it ({what})"


def explain(error: BaseException, *, debug: bool) -> str:
    """What the user is told of a failure: a line, and the traceback where it is asked for."""
    error = error.__cause__ if isinstance(error, Failed) and error.__cause__ else error
    line = one_line(str(error)) if isinstance(error, ExtractorError) else internal_error(error)
    return f"{line}\n{''.join(traceback.format_exception(error)).rstrip()}" if debug else line


def stdout_full(error: OSError) -> StdoutError:
    """The error for a stdout that can't be written to, on a full disk for instance."""
    return StdoutError(
        f"写不了标准输出，请检查磁盘空间 / can't write to standard output, check the space: {error.strerror}"
    )


def drop_stdout() -> None:
    """Sends what is still kept for stdout nowhere, so that Python does not fail on it once more at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(message: str) -> str:
    """The message with every run of white space, line breaks too, folded to a blank."""
    return " ".join(message.split())
