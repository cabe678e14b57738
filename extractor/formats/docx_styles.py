"""Paragraph and character properties of a DOCX, inherited through styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)


def value(element: _Element | None, child: str, attribute: str = "val") -> str | None:
    """The ``w:attribute`` of ``w:child``; None where either is missing."""
    if element is None:
        return None
    found = element.find(W + child)
    return None if found is None else found.get(W + attribute)


def is_on(element: _Element | None, child: str) -> bool | None:
    """A switch like ``w:b``: True, False where it says 0, None where it is missing."""
    found = None if element is None else element.find(W + child)
    if found is None:
        return None
    return found.get(W + "val", "1") not in ("0", "false", "off", "none")


def natural(text: str | None) -> int | None:
    """An attribute that is a whole number of usual size; None for what is none."""
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list."""

    num: str
    level: int


@dataclass(slots=True)
class Styles:
    """Styles by id. Lookups go from the paragraph's own properties through its style and the styles that it is
    based on.
    """

    by_id: dict[str, _Element] = field(default_factory=dict)
    default: str | None = None
    _chains: dict[str | None, list[_Element]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: _Element | None) -> Styles:
        styles = cls()
        for style in root.iterchildren(W + "style") if root is not None else ():
            name = style.get(W + "styleId")
            if name is None:
                continue
            styles.by_id[name] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                styles.default = name
        return styles

    def chain(self, name: str | None) -> list[_Element]:
        """The style and those it is based on, nearest first; a loop is cut."""
        if name not in self._chains:
            found: list[_Element] = []
            seen: set[str] = set()
            at = name
            while at is not None and at in self.by_id and at not in seen:
                seen.add(at)
                found.append(self.by_id[at])
                at = value(self.by_id[at], "basedOn")
            self._chains[name] = found
        return self._chains[name]

    def style_id(self, properties: _Element | None) -> str | None:
        return value(properties, "pStyle") or self.default

    def _sources(self, properties: _Element | None) -> Iterator[tuple[_Element | None, _Element | None]]:
        """Paragraph properties with the style that they are from (None for the paragraph's own), nearest first."""
        yield properties, None
        for style in self.chain(self.style_id(properties)):
            yield style.find(W + "pPr"), style

    def level(self, properties: _Element | None) -> int | None:
        """1 to 9 for headings, by outline level or by the style's name."""
        for source, style in self._sources(properties):
            outline = value(source, "outlineLvl")
            at = natural(outline)
            if at is not None:
                return at + 1 if at < 9 else None
            match = _HEADING_NAME.search(value(style, "name") or "") if style is not None else None
            if match:
                return int(match[1])
        return None

    def alignment(self, properties: _Element | None) -> str | None:
        for source, _ in self._sources(properties):
            align = value(source, "jc")
            if align is not None:
                return align
        return None

    def numbering(self, properties: _Element | None) -> Numbered | None:
        """List and level; the two may come from different styles. A list of id 0 takes a number away."""
        num: str | None = None
        level: str | None = None
        for source, _ in self._sources(properties):
            listed = None if source is None else source.find(W + "numPr")
            num = num if num is not None else value(listed, "numId")
            level = level if level is not None else value(listed, "ilvl")
        if num is None or num == "0":
            return None
        return Numbered(num, min(natural(level) or 0, 8))

    def run_switch(self, run: _Element | None, properties: _Element | None, name: str) -> bool:
        """Whether a run is bold, hidden …: its own word, its character style's, its paragraph style's."""
        for source in self._run_sources(run, properties):
            found = is_on(source, name)
            if found is not None:
                return found
        return False

    def run_value(self, run: _Element | None, properties: _Element | None, name: str, attribute: str) -> str | None:
        for source in self._run_sources(run, properties):
            found = value(source, name, attribute)
            if found is not None:
                return found
        return None

    def _run_sources(self, run: _Element | None, properties: _Element | None) -> Iterator[_Element | None]:
        yield run
        for name in (value(run, "rStyle"), self.style_id(properties)):
            for style in self.chain(name) if name else ():
                yield style.find(W + "rPr")
