"""Reader of ``*.spec`` files: lines to a document of layout elements and records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.generate.model import Cell, Document, Grid, Notes, Para, Record, SpecError
from corpus.generate.notes import annotate
from corpus.generate.table import TableReader

ENDS = "。；;！"
BOX_LEVEL = 8


def read(path: Path) -> Document:
    """The document a spec file states; SpecError names the line that cannot be read."""
    reader = SpecReader(path.stem)
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith(";;"):
            try:
                reader.feed(line)
            except (SpecError, ValueError, KeyError, IndexError) as error:
                raise SpecError(f"{path.name}:{at}: {error!r}: {line[:60]}") from error
    reader.close()
    return reader.document


def split_end(text: str, default: str) -> tuple[str, str]:
    """A sentence and its closing mark."""
    return (text[:-1], text[-1]) if text[-1] in ENDS else (text, default)


class SpecReader:
    """One line at a time; keeps the headings above, the open paragraph and the notes' owner."""

    def __init__(self, name: str) -> None:
        self.document = Document(name, {})
        self.headings: list[tuple[int, str, Notes]] = []
        self.owner = Notes()
        self.open: tuple[str, str, str] | None = None  # style, number, text so far of the open paragraph
        self.runin: str | None = None
        self.sentences: list[Record] = []  # of the open paragraph
        self.unlabelled: list[Record] = []  # since the last heading or label line
        self.table: TableReader | None = None
        self.box_start = 0  # the open box's first element
        self.handlers: dict[str, Callable[[str], None]] = {
            "%": self._meta,
            "P": self._paragraph,
            "-": self._sentence,
            "+": self._plain,
            "^": self._tail,
            "I": self._item,
            "L": self._label,
            "A": self._annex,
            "X": self._box,
            "T": self._table,
        }

    def feed(self, line: str) -> None:
        mark, _, rest = line.partition(" ")
        rest = rest.strip()
        if mark in {">", "@", "R", "!"}:
            annotate(self.table.owner if self.table else self.owner, mark, rest)
        elif self.table is not None:
            if mark == "T-":
                self._end_table()
            else:
                self.table.feed(mark, rest)
        elif mark.startswith("~"):
            self._flush()
            self.document.elements.append(Para(mark[1:], rest))
        elif set(mark) == {"#"}:
            self._heading(len(mark), rest)
        elif mark == "X-":
            self._end_box()
        else:
            self.handlers[mark](rest)

    def close(self) -> None:
        self._flush()

    def _meta(self, rest: str) -> None:
        name, _, value = rest.partition(" ")
        self.document.meta[name] = value.strip()

    def _path(self) -> tuple[str, ...]:
        return tuple(title for _, title, _ in self.headings)

    def _assessed(self) -> tuple[str, ...]:
        return tuple(filter(None, self.document.meta.get("assessed", "").split("、")))

    def _record(self, text: str, number: str | None = None) -> Record:
        path = self._path() + ((self.runin,) if self.runin else ())
        record = Record(text, number, path, inherited=[n for _, _, n in self.headings], assessed=self._assessed())
        self.document.records.append(record)
        self.unlabelled.append(record)
        self.owner = record.notes
        return record

    def _heading(self, level: int, rest: str) -> None:
        self._flush()
        number, _, title = rest.rpartition("|")
        title, end = (title[:-1], title[-1]) if title.endswith("。") else (title, "")
        self.document.elements.append(Para(f"h{level}", title + end, number, level))
        self._push(level, title)

    def _push(self, level: int, title: str) -> None:
        self.headings = [h for h in self.headings if h[0] < level]
        self.owner = Notes()
        self.headings.append((level, title, self.owner))
        self.unlabelled = []

    def _annex(self, rest: str) -> None:
        self._flush()
        name, _, title = rest.partition("|")
        self.document.elements += [Para("annex", name), Para("title", title)]
        self.headings = []
        self._push(0, title)

    def _box(self, rest: str) -> None:
        self._flush()
        number, _, title = rest.rpartition("|")
        self.box_start = len(self.document.elements)
        self.document.elements.append(Para("caption", number + title))
        self._push(BOX_LEVEL, title)

    def _end_box(self) -> None:
        """Closes a box: with ``% box table`` its paragraphs become the two cells of a frame."""
        self._flush()
        self.headings = [h for h in self.headings if h[0] != BOX_LEVEL]
        inside = self.document.elements[self.box_start :]
        if self.document.meta.get("box") == "table" and not any(isinstance(e, Grid) for e in inside):
            lines = [e.number + e.text for e in inside if isinstance(e, Para)]
            cells = Cell(0, 0, 1, 1, tuple(lines[:1])), Cell(1, 0, 1, 1, tuple(lines[1:]))
            self.document.elements[self.box_start :] = [Grid(2, 1, 1, (1.0,), cells, {"split": "yes"})]

    def _paragraph(self, rest: str) -> None:
        self._flush()
        number, runin, sep = [*rest.split("|"), "", ""][:3]
        self.runin = runin or None
        self.open = ("item" if number else "body", number, runin + sep)

    def _append(self, text: str) -> None:
        style, number, before = self.open or ("body", "", "")
        self.open = (style, number, before + text)

    def _sentence(self, rest: str) -> None:
        text, end = split_end(rest, "。")
        self.sentences.append(self._record(text))
        self._append(text + end)

    def _plain(self, rest: str) -> None:
        self._append(rest)

    def _tail(self, rest: str) -> None:
        self._append(rest)
        self.owner = Notes()
        for record in self.sentences:
            record.inherited.append(self.owner)

    def _item(self, rest: str) -> None:
        self._flush()
        number, body, trailer = [*rest.split("|"), ""][:3]
        text, end = split_end(body, "" if trailer else "。")
        self._record(text, number)
        self.document.elements.append(Para("item", text + end + trailer, number))

    def _label(self, rest: str) -> None:
        self._flush()
        self.document.elements.append(Para("label", rest))
        self.owner = Notes()
        for record in self.unlabelled:
            record.inherited.append(self.owner)

    def _table(self, rest: str) -> None:
        self._flush()
        self.table = TableReader(rest, self._path(), [n for _, _, n in self.headings], self._assessed())

    def _end_table(self) -> None:
        assert self.table is not None
        grid, records = self.table.build()
        self.document.elements.append(grid)
        self.document.records += records
        self.table = None

    def _flush(self) -> None:
        if self.open is not None:
            style, number, text = self.open
            self.document.elements.append(Para(style, text, number))
        self.open, self.runin, self.sentences = None, None, []
