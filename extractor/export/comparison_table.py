"""A comparison as a table on a terminal: what differs, by category; what is the same only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from extractor.export import comparison_words as say
from extractor.export.table import columns, wrap
from extractor.types.comparison import Comparison, Row

_GAP = "  "
_LEAST, _SHARES = (20, 10, 10, 11, 8, 10), (6, 2, 2, 2, 0, 4)  # widths, and shares of what is left over
_CELL_LINES = 4
_ENDLESS = 10**6


def render(comparison: Comparison, width: int = 120, *, same: bool = False, cut: bool = True) -> bytes:
    """UTF-8 text ``width`` columns wide (80 at least). ``same``: with the rows that are. ``cut``: long cells end with …"""
    return "".join(line + "\n" for line in _lines(comparison, max(width, 80), same=same, cut=cut)).encode()


def _lines(comparison: Comparison, width: int, *, same: bool, cut: bool) -> Iterator[str]:
    widths = _widths(width)
    old, new = say.labels(comparison)
    for name, party in ((old, comparison.old), (new, comparison.new)):
        yield from wrap(" ".join(f"■ {name}：{say.title_of(party)}".split()), width, _ENDLESS)
        yield from wrap(f"  {say.facts_of(party)} · {party.records} 条记录 · {party.targets} 个目标", width, _ENDLESS)
        if party.silent:
            silent = "、".join(say.silent_names(party))
            yield from wrap(f"  全文没有写{silent}，不作比较 / says nothing of these, not compared", width, _ENDLESS)
    counts = comparison.counts
    yield from wrap(
        "  " + " · ".join(f"{names[0]} {counts[one]}" for one, names in say.CATEGORIES.items()), width, _ENDLESS
    )
    for category, names in say.CATEGORIES.items():
        rows = [row for row in comparison.rows if row.category == category]
        if not rows or (category == "same" and not same):
            continue
        yield from ("", f"▸ {say.both(names)}（{len(rows)}）", "─" * width)
        yield _line(("指标或任务", old, new, "增减", "要求", "出处"), widths)
        yield "─" * width
        yield from _body(rows, widths, cut=cut)
    if counts["same"] and not same:
        left = (
            f"  相同的 {counts['same']} 条未列，加 --same 列出 / {counts['same']} rows are the same: --same lists them"
        )
        yield from ("", *wrap(left, width, _ENDLESS))


def _body(rows: Sequence[Row], widths: Sequence[int], *, cut: bool) -> Iterator[str]:
    most = _CELL_LINES if cut else _ENDLESS
    above: tuple[str, ...] = ()
    for row in rows:
        if say.path_of(row) != above and say.path_of(row):
            yield from wrap("· " + " › ".join(say.path_of(row)), sum(widths), 1 if cut else _ENDLESS)
        above = say.path_of(row)
        places = [words for words in (say.place_of_side(row.old), say.place_of_side(row.new)) if words]
        cells = (
            say.metric_of(row), say.value_of(row.old), say.value_of(row.new), say.change_words(row), say.stricter_words(row), " → ".join(places)
        )  # fmt: skip
        wrapped = [wrap(cell, size, most) for cell, size in zip(cells, widths, strict=True)]
        yield from (_line(parts, widths) for parts in zip_longest(*wrapped, fillvalue=""))
        for line in say.difference_lines(row, values=False):
            yield from wrap(f"    {line}", sum(widths), most)


def _widths(width: int) -> list[int]:
    free = width - sum(_LEAST) - len(_GAP) * (len(_LEAST) - 1)
    return [least + max(free, 0) * share // sum(_SHARES) for least, share in zip(_LEAST, _SHARES, strict=True)]


def _line(parts: Sequence[str], widths: Sequence[int]) -> str:
    cells = (wrap(part, size, 1)[0] for part, size in zip(parts, widths, strict=True))
    return _GAP.join(cell + " " * (size - columns(cell)) for cell, size in zip(cells, widths, strict=True)).rstrip()
