"""Fails where a module is longer than 400 lines or a function longer than 60. No exemptions: split instead."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 60


def oversized(path: Path) -> Iterator[str]:
    """One line for each part of a Python file that is too long; a function counts from ``def`` to its end."""
    source = path.read_text(encoding="utf-8")
    lines = source.count("\n")
    if lines > MODULE_LINES:
        yield f"{path}: {lines} lines, at most {MODULE_LINES}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {size} lines, at most {FUNCTION_LINES}"


def main(folders: list[str]) -> int:
    """Checks every Python file below the folders; 1 where one is too long."""
    found = [line for folder in folders for path in sorted(Path(folder).rglob("*.py")) for line in oversized(path)]
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or ["extractor"]))
