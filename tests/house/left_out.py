"""Tells which tests a machine left out and what they want; under CI a test left out is a failure.

Its two functions are pytest hooks; ``tests/conftest.py`` imports them. ``need_…`` skip with one wording, so that
the summary can be read.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[1] / "frontend"
ON_CI = os.environ.get("CI") == "true"


def chromium() -> str | None:
    """The path of the browser."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def need_chromium() -> str:
    """The path of the browser; skips the test where there is none."""
    return chromium() or _without("Chromium（Debian: apt-get install chromium）")


def need_node_tools() -> Path:
    """The folder of the tools of ``tests/frontend``; skips the test where node or they are not installed."""
    if shutil.which("node") is None or not (FRONTEND / "node_modules" / ".ready").exists():
        _without("node, npm（make js）")
    return FRONTEND / "node_modules"


def _without(what: str) -> str:
    pytest.skip(f"缺少 / missing: {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("未运行的测试 / tests left out", sep="-")
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count:5}  {reason}")
        if _of_ci(terminalreporter):
            terminalreporter.write_line("CI 中不得略过测试 / CI leaves no test out", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == 0 and reporter is not None and _of_ci(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _of_ci(reporter: pytest.TerminalReporter) -> bool:
    """True where CI left out a test for another reason than documents that are not the project's own."""
    return ON_CI and any("beside this clone" not in _reason(one) for one in reporter.stats.get("skipped", []))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    longrepr = report.longrepr
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
