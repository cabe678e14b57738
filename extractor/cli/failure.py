"""What the user is told where something goes wrong: one line, Chinese and English."""

from __future__ import annotations


def internal_error(error: BaseException) -> str:
    """One line for an error that we did not foresee."""
    what = one_line(f"{type(error).__name__}: {error}")[:200]
    return f"内部错误，请加 --debug 重试并报告 / internal error, please run with --debug and report it ({what})"


def one_line(message: str) -> str:
    """The message with every run of white space, line breaks too, folded to a blank."""
    return " ".join(message.split())
