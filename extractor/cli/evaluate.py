"""``extractor evaluate``: the figures of the extractor on documents whose right records are known."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.cli.failure import Failed, explain, one_document, one_line
from extractor.cli.progress import Progress
from extractor.export.table import clip, columns

if TYPE_CHECKING:
    from extractor.components import Components
    from extractor.training.evaluation import Measured
    from extractor.training.examples import Example
    from extractor.training.scoring import Row

_NAME = 30  # columns of the documents' names
_TITLES = {
    "records": "切分", "found": "找到", "right": "全对", "implicit": "隐含", "points": "分值", "deadlines": "时限",
    "responsible": "责任", "due": "到期", "path": "路径", "kind": "类别", "document": "要素", "whole": "整条", "measured": "可考核",
}  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Prints mistakes where they are asked for, then the table; 1 where a document could not be read."""
    from extractor.components import load_components
    from extractor.config import load_config
    from extractor.training.evaluation import chosen_models, gold_examples

    models = chosen_models(load_config(options.config).models, options.models)
    examples = gold_examples(Path(options.gold), [Path(folder) for folder in options.documents])
    components = load_components(models)
    progress = Progress(len(examples), sys.stderr, quiet=options.quiet)
    progress.say(_parts(components.versions))
    measured, failed = _measured(examples, components, progress, debug=options.debug)
    if options.json:
        said = _json(measured, by_group=options.by_group, most=options.errors)
        said |= {"models": components.versions, "failed": failed}
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
    else:
        lines = _lines(measured, by_group=options.by_group, most=options.errors)
        sys.stdout.writelines(line + "\n" for line in lines)
    return 1 if failed else 0


def _measured(
    examples: Sequence[Example], components: Components, progress: Progress, *, debug: bool
) -> tuple[list[Measured], list[str]]:
    """All of them, and the names of those that can't be read."""
    from extractor.training.evaluation import measure, unread

    measured, failed = [], []
    for example in examples:
        source = str(example.source)
        progress.start(source)
        try:
            with one_document():
                done = measure(example, components)
            progress.done(source, f"{len(done.score.mistakes)} 处不同 / mistakes")
        except Failed as error:
            done = unread(example)
            failed.append(example.name)
            progress.done(source)
            why = explain(error, debug=debug)
            progress.say(f"{source}: 按没有记录计 / counted as without records: {why}", always=True)
        measured.append(done)
    progress.clear()
    return measured, failed


def _parts(versions: Mapping[str, str]) -> str:
    if not versions:
        return "只用规则 / rules alone"
    return f"训练的部件 / trained parts: {'、'.join(f'{name} {version}' for name, version in versions.items())}"


def _json(measured: Sequence[Measured], *, by_group: bool, most: int) -> dict[str, object]:
    from extractor.training.evaluation import group_rows
    from extractor.training.scoring import table

    rows = table([each.score for each in measured])
    all_rows, mean = rows.pop("ALL"), rows.pop("MEAN")
    said: dict[str, object] = {"documents": rows, "ALL": all_rows, "MEAN": mean}
    if by_group:
        said["groups"] = group_rows(measured)
    if most:
        said["mistakes"] = {
            each.score.name: [
                {"what": one.what, "wanted": one.wanted, "made": one.made, "where": one.where}
                for one in each.score.mistakes[:most]
            ]
            for each in measured
        }
    return said


def _lines(measured: Sequence[Measured], *, by_group: bool, most: int) -> Iterator[str]:
    from extractor.training.evaluation import group_rows
    from extractor.training.scoring import table

    if most:
        for each in measured:
            yield from _mistakes(each, most)
    yield _line("文件", list(_TITLES.values()))
    yield _line("document", list(_TITLES))
    rows = table([each.score for each in measured])
    all_rows, mean = rows.pop("ALL"), rows.pop("MEAN")
    one_folder = len({each.example.group for each in measured}) == 1
    for name, row in rows.items():
        yield _figures(name.partition("/")[2] if one_folder else name, row)
    groups = group_rows(measured) if by_group else {}
    for key, title in (("folder", "文件夹 / folder"), ("kind", "文种 / kind")):
        for name, row in groups.get(key, {}).items():
            yield _figures(f"{title}: {name}", row)
    yield _figures("合计 / ALL", all_rows)
    yield _figures("平均 / MEAN", mean)


def _mistakes(measured: Measured, most: int) -> Iterator[str]:
    """The document's mistakes by kind, then the first of them, what the gold has before what was made."""
    counts = Counter(mistake.what for mistake in measured.score.mistakes)
    said = "、".join(f"{what} {count}" for what, count in counts.most_common())
    yield f"── {measured.score.name}: {said or '没有不同 / no mistakes'}"
    for mistake in measured.score.mistakes[:most]:
        where = f"（{mistake.where}）" if mistake.where else ""
        yield one_line(f"· {mistake.what}: 应为 / wanted {mistake.wanted} | 得到 / got {mistake.made}{where}")
    yield ""


def _figures(name: str, row: Row) -> str:
    return _line(name, ["-" if row[figure] is None else f"{row[figure]:.1f}" for figure in _TITLES])


def _line(name: str, cells: Sequence[str]) -> str:
    widths = [max(len(figure), 6) + 1 for figure in _TITLES]
    first = clip(name, _NAME)
    right = "".join(" " * (width - columns(cell)) + cell for cell, width in zip(cells, widths, strict=True))
    return first + " " * (_NAME - columns(first)) + right
