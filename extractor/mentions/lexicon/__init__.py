"""Words as data, and the patterns built of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The tables of ``<name>.toml`` beside this file."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))


def one_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of ``words`` at a place, in time independent of how many there are."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _pattern(root)


def _pattern(node: dict[str, Any]) -> str:
    ends = "" in node
    leaves = "".join(re.escape(c) for c, below in node.items() if c and set(below) == {""})
    branches = [re.escape(c) + _pattern(below) for c, below in node.items() if c and set(below) != {""}]
    if leaves:
        branches.append(f"[{leaves}]" if len(leaves) > 1 else leaves)
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return body + "?" if ends else body
