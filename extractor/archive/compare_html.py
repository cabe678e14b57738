"""A comparison as one HTML page without scripts or other files: to read, to send, to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from importlib.resources import files

from extractor.export import comparison_words as say
from extractor.export.columns import fit
from extractor.types.comparison import Category, Comparison, Party, Row, Side

_LONGEST = 1_500  # a longer text is shown without marks of what was reworded


def render(comparison: Comparison, stylesheet: str | None = None) -> bytes:
    """UTF-8. All words of the documents are escaped, and characters left out that no page can hold.

    ``stylesheet``: where ``style()`` is served, for a site whose pages may hold no style of their own; else the page has it
    within.
    """
    old, new = map(_words, say.labels(comparison))
    rows = list(enumerate(comparison.rows, start=1))
    body = [
        f"<h1>文件对比 {_en('Comparison of two documents')}</h1>",
        '<dl class="parties">', *_party(old, comparison.old), *_party(new, comparison.new), "</dl>",
        *_menu(comparison),
    ]  # fmt: skip
    for category in say.CATEGORIES:
        chosen = [(at, row) for at, row in rows if row.category == category]
        if chosen:
            body += _section(category, chosen, old, new)
    title = f"{_words(say.title_of(comparison.old))} → {_words(say.title_of(comparison.new))}"
    look = (
        _WITHIN.format(style=style()) if stylesheet is None else f'<link rel="stylesheet" href="{escape(stylesheet)}">'
    )
    return (_HEAD.format(title=title, look=look) + "\n".join(body) + "\n</main></body></html>\n").encode()


_HEAD = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{look}</head>
<body><main id="all">
"""
_WITHIN = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
{style}</style>
"""


def style() -> str:
    """The page's style sheet."""
    return files("extractor.archive").joinpath("compare.css").read_text(encoding="utf-8")


def _party(label: str, party: Party) -> Iterator[str]:
    yield f"<div><dt>{label}</dt><dd><strong>{_words(say.title_of(party))}</strong>"
    yield f'<span class="facts">{_words(say.facts_of(party))}</span>'
    yield f'<span class="facts">{party.records} 条记录 · {party.targets} 个目标 {_en(f"{party.records} records, {party.targets} targets")}</span>'
    if party.silent:
        names = [say.ASPECTS[aspect] for aspect in party.silent]
        silent = "、".join(name for name, _ in names)
        english = ", ".join(name for _, name in names)
        yield f'<span class="facts">全文没有写{silent}，不作比较 {_en(f"says nothing of {english}: not compared")}</span>'
    yield "</dd></div>"


def _menu(comparison: Comparison) -> Iterator[str]:
    """The counts, each a link to its rows; 全部 shows all again."""
    counts = comparison.counts
    yield '<nav aria-label="类别">'
    yield f'<a href="#all"><b>{len(comparison.rows)}</b> 全部 {_en("all")}</a>'
    for category, (name, english) in say.CATEGORIES.items():
        inside = f"<b>{counts[category]}</b> {name} {_en(english)}"
        yield f'<a class="{category}" href="#{category}">{inside}</a>' if counts[category] else f"<span>{inside}</span>"
    yield "</nav>"
    for way, (name, english) in say.STRICTER.items():
        found = sum(row.stricter is way for row in comparison.rows)
        yield f'<p class="leaning">{name} {_en(english)}：<b>{found}</b></p>' if found else ""


def _section(category: Category, rows: Sequence[tuple[int, Row]], old: str, new: str) -> Iterator[str]:
    name, english = say.CATEGORIES[category]
    yield f'<section id="{category}"><h2 class="{category}">{name} {_en(english)} <span class="count">{len(rows)}</span></h2>'
    yield "<table><thead><tr>"
    yield '<th scope="col">序号</th>'
    for title, english in (
        ("指标或任务", "what is asked"),
        ("变化", "change"),
        (old, "old"),
        (new, "new"),
    ):
        yield f'<th scope="col">{title} {_en(english)}</th>'
    yield "</tr></thead><tbody>"
    above: tuple[str, ...] = ()
    for at, row in rows:
        if say.path_of(row) != above:
            above = say.path_of(row)
            yield f'<tr class="path"><th colspan="5" scope="rowgroup">{_words(" › ".join(above) or "（无标题）")}</th></tr>'
        yield from _row(at, row)
    yield "</tbody></table></section>"


def _row(at: int, row: Row) -> Iterator[str]:
    yield f'<tr id="r{at}"><td class="at"><a href="#r{at}">{at}</a></td>'
    yield f'<th scope="row">{_words(say.metric_of(row))}</th><td class="change">{"".join(_change(row))}</td>'
    reworded = any(each.aspect == "text" for each in row.differences)
    texts = _marked(row, reworded=reworded)
    for side, text in zip((row.old, row.new), texts, strict=True):
        yield f"<td>{_evidence(side, text)}</td>"
    yield "</tr>"


def _change(row: Row) -> Iterator[str]:
    if any(each.aspect == "value" for each in row.differences):
        yield f'<p class="values">{_words(say.value_of(row.old))} → {_words(say.value_of(row.new))}</p>'
    if row.change:
        yield f'<p class="step">{_words(say.change_words(row))}</p>'
    if row.stricter is not None:
        name, english = say.STRICTER[row.stricter]
        yield f'<p class="{english}">{name} {_en(english)}</p>'
    for each in row.differences:
        if each.aspect == "value":
            continue
        name, english = say.ASPECTS[each.aspect]
        words = "" if each.aspect == "text" else f"：{_words(each.old or '—')} → {_words(each.new or '—')}"
        yield f'<p class="part"><span>{name} {_en(english)}</span>{words}</p>'
    for note in say.notes_of(row):
        name, english = say.NOTES[note]
        yield f'<p class="note">{name} {_en(english)}</p>'


def _evidence(side: Side | None, text: str) -> str:
    if side is None:
        return '<span class="none">—</span>'
    number = f'<span class="number">{_words(side.record.number)}</span> ' if side.record.number else ""
    value = f'<p class="value">{_words(say.value_of(side))}</p>' if side.target else ""
    return f'{value}<blockquote>{number}{text}</blockquote><p class="place">{_words(say.place_of_side(side))}</p>'


# --- texts ------------------------------------------------------------------------------------------------


def _marked(row: Row, *, reworded: bool) -> tuple[str, str]:
    """Both texts: the words of the threshold marked, or what was taken out and put in."""
    if row.old and row.new and reworded and len(row.old.record.text) + len(row.new.record.text) <= _LONGEST:
        return _reworded(row.old.record.text, row.new.record.text)
    return _with_mark(row.old), _with_mark(row.new)


def _with_mark(side: Side | None) -> str:
    if side is None:
        return ""
    text = side.record.text
    if side.mark is None:
        return _words(text) + _in_another_cell(side)
    start, end = side.mark
    return f"{_words(text[:start])}<mark>{_words(text[start:end])}</mark>{_words(text[end:])}"


def _in_another_cell(side: Side) -> str:
    """What a table says of a row, behind the row's heading."""
    target, record = side.target, side.record
    own = target.evidence if target is not None else None
    if target is None or own is None or not target.raw or record.evidence.start <= own.start < record.evidence.end:
        return ""
    return f" … <mark>{_words(target.raw)}</mark>"


def _reworded(old: str, new: str) -> tuple[str, str]:
    parts: tuple[list[str], list[str]] = ([], [])
    for what, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        a, b = _words(old[i:i_end]), _words(new[j:j_end])
        parts[0].append(f"<del>{a}</del>" if what != "equal" and a else a)
        parts[1].append(f"<ins>{b}</ins>" if what != "equal" and b else b)
    return "".join(parts[0]), "".join(parts[1])


def _words(text: str) -> str:
    return escape(fit(text), quote=True)


def _en(words: str) -> str:
    return f'<span class="en" lang="en">{words}</span>'
