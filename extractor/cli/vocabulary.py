"""``extractor vocabulary``: what a workspace has learned of its bureau's words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.workspace_folder import opened

if TYPE_CHECKING:
    from extractor.text.vocabulary import Entry, Section
    from extractor.workspace.vocabulary import Change, VocabularyKeeper

_TITLES: dict[Section, str] = {
    "units": "单位 / units",
    "aliases": "简称 / short names",
    "columns": "列名 / columns",
}


def run(options: argparse.Namespace) -> int:
    """Does what ``options.action`` names."""
    with opened(Path(options.data), options.database) as workspace:
        keeper = workspace.vocabulary
        if options.action == "list":
            _list(keeper)
        else:
            _say(keeper.learn() if options.action == "learn" else keeper.undo(options.entry))
        sys.stdout.write(f"{keeper.path}\n")
    return 0


def _list(keeper: VocabularyKeeper) -> None:
    vocabulary = keeper.load()
    for section, title in _TITLES.items():
        entries = vocabulary.of(section)
        if entries:
            sys.stdout.write(f"{title}\n")
        for name, entry in sorted(entries.items()):
            sys.stdout.write(f"  {_entry(name, entry)}\n")
    ignored = sorted({name for names in vocabulary.ignored.values() for name in names})
    if not ignored and not any(vocabulary.of(section) for section in _TITLES):
        sys.stdout.write("词汇表还是空的：从批准的文件学 / empty so far: it is learned from what is approved\n")
    if ignored:
        sys.stdout.write(f"不学 / ignored\n  {'、'.join(ignored)}\n")


def _say(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.after is not None:
            sign = "+" if change.before is None else "="
            sys.stdout.write(f"{sign} {_TITLES[change.section]}: {_entry(change.name, change.after)}\n")
        else:
            sys.stdout.write(f"- {_TITLES[change.section]}: {change.name}\n")
    if not changes:
        sys.stdout.write("没有变化 / nothing has changed\n")


def _entry(name: str, entry: Entry) -> str:
    means = f" = {entry.means}" if entry.means else ""
    if entry.by_hand:
        return f"{name}{means}  手写 / by hand"
    return f"{name}{means}  {entry.seen}次 / times, {entry.documents}份 / documents"
