"""A bureau's own words: its units, what their short names stand for, and what columns of its tables hold.

They stand in a TOML file that a clerk can read and edit. An entry with ``seen`` was learned from approved documents;
one without it was written by hand, and is never changed by the program.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from extractor.errors import ConfigError
from extractor.text.view import make_view

Section = Literal["units", "aliases", "columns"]
SECTIONS: tuple[Section, ...] = ("units", "aliases", "columns")
# What a column may hold, as the file says it → as the item stage calls it.
MEANINGS: dict[str, str] = {
    code: code
    for code in (
        "who", "lead", "support", "leader", "when", "points", "hard", "soft", "number", "group", "grade", "scoring",
        "assessed", "notes", "blank", "unit", "target", "baseline", "strength", "place",
    )
} | {
    "责任单位": "who", "牵头单位": "lead", "配合单位": "support", "责任领导": "leader", "时限": "when", "分值": "points",
    "任务": "hard", "指标": "soft", "序号": "number", "类别": "group", "等次": "grade", "评分标准": "scoring",
    "考核对象": "assessed", "备注": "notes", "填写": "blank", "计量单位": "unit", "目标值": "target", "现状值": "baseline",
    "属性": "strength", "地区": "place",
}  # fmt: skip
SOURCES_SHOWN = 5
_VALUE_KEY: dict[Section, str] = {"units": "", "aliases": "name", "columns": "holds"}
_HEAD = """\
# 词汇表 / Vocabulary (docs/learning.md)
# 带 seen 的条目由批准的文件学来，随批准与撤回更新；其余由人手写，程序不改。删掉的移到 [ignored]，不再学。
# 手写：[units] "园区和企业服务中心" = true    [aliases] "发改委" = "发展和改革委员会"    [columns] "销号时点" = "when"
# Entries with "seen" follow the approved documents; the others are yours. What you delete is ignored from then on.
# 程序改写文件时不保留自己加的注释 / comments of your own are not kept when the program rewrites the file.
"""
_TITLES: dict[Section, str] = {
    "units": "单位名称，不再拆开 / names of units, not to be cut",
    "aliases": "简称 → 全称 / short name → whole name",
    "columns": "表头 → who 责任单位 lead 牵头 support 配合 leader 领导 when 时限 points 分值 hard 任务 notes 备注 …",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """``means``: an alias's whole name, what a column holds (a key of ``MEANINGS``), "" for a unit.

    Of a learned entry ``seen`` says how often, ``documents`` in how many documents, ``sources`` in which of them (id and
    how often, the first few); by hand these are empty.
    """

    means: str = ""
    seen: int = 0
    documents: int = 0
    sources: tuple[tuple[str, int], ...] = ()

    @property
    def by_hand(self) -> bool:
        return self.seen == 0


@dataclass(frozen=True, slots=True)
class Words:
    """What of a vocabulary is at work, in the normalised writing of ``text.view``."""

    units: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, name: str) -> str | None:
        """The whole name that ``name`` is short for, its place kept (市发改委 → 市发展和改革委员会); None for no alias."""
        if not self.aliases:
            return None
        made, passed = name, {name}
        while (longer := self._longer(made)) is not None and longer not in passed:
            made = longer
            passed.add(made)
        return None if made == name else made

    def _longer(self, name: str) -> str | None:
        if name in self.aliases:
            return self.aliases[name]
        place = place_of(name)
        stem = self.aliases.get(name[len(place) :]) if place else None
        return None if stem is None or place_of(stem) else place + stem  # of another place, or said twice


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``revision`` counts how often the program wrote the file; ``ignored``: what is not to be learned."""

    revision: int = 0
    units: Mapping[str, Entry] = field(default_factory=dict)
    aliases: Mapping[str, Entry] = field(default_factory=dict)
    columns: Mapping[str, Entry] = field(default_factory=dict)
    ignored: Mapping[Section, frozenset[str]] = field(default_factory=dict)

    def of(self, section: Section) -> Mapping[str, Entry]:
        return cast("Mapping[str, Entry]", getattr(self, section))

    def words(self) -> Words:
        """Names as text is read: full-width brackets and letters folded, without blanks."""
        return Words(
            units=frozenset(normal(name) for name in self.units),
            aliases={normal(name): normal(entry.means) for name, entry in self.aliases.items()},
            columns={head_key(normal(name)): MEANINGS[entry.means] for name, entry in self.columns.items()},
        )


def head_key(words: str) -> str:
    """Words over a column, read as text is, as they are looked up: without blanks and marks."""
    return re.split(r"[★*※]", words.replace(" ", "").strip("★*※:"))[0]


def normal(name: str) -> str:
    """The name as it would be read in a document: normalised view, no white space."""
    return re.sub(r"\s+", "", make_view(name).text)


# --- names ------------------------------------------------------------------------------------------------

_LEVEL = (
    r"(?:自治区|自治州|自治县|省|(?<![城都超])市(?!场|容|民中心|政(?!府|务|协|数|法|研))|县(?!域)|(?<![社园小景片地])区(?!域|块|划)"
    r"|(?<!广)州|盟|旗|(?<!城)镇(?!域)|(?<!城)乡(?!村))"
)
_PLACE = re.compile(rf"(?:国家|中央|全国|{_LEVEL}|[\u4e00-\u9fff]{{2,5}}?{_LEVEL})")


def place_of(name: str) -> str:
    """The place or level that opens a unit's name (示例市, 市, 国家), else ""; never the whole name."""
    found = _PLACE.match(name)
    return found[0] if found is not None and found.end() < len(name) else ""


def is_shortened(short: str, long: str) -> bool:
    """Whether ``short`` has some of the characters of ``long``, in order, and at least two."""
    rest = iter(long)
    return 2 <= len(short) < len(long) and all(char in rest for char in short)


def alias_of(short: str, long: str) -> tuple[str, str] | None:
    """``short`` as an abbreviation of ``long``, without the place that both open with; None where it is none.

    A part of the name (旅游局 of 文化和旅游局) is a cut in the wrong place rather than an abbreviation, and a name
    under another place is another unit.
    """
    place = place_of(short)
    if place != place_of(long):
        return None
    short, long = short[len(place) :], long[len(place) :]
    return (short, long) if short not in long and is_shortened(short, long) else None


# --- the file ---------------------------------------------------------------------------------------------


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a file. Raises ``ConfigError``, which names the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: 词汇表打不开 / can't open the vocabulary: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: 词汇表不是UTF-8，请另存为UTF-8 / the vocabulary is not UTF-8") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Vocabulary:
    """``where`` is the file's name in messages. Raises ``ConfigError``."""
    file = _File(text, where)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        file.refuse_syntax(error)
    for name in said:
        if name not in (*SECTIONS, "ignored", "revision"):
            known = "、".join((*SECTIONS, "ignored"))
            file.refuse("", name, f"没有“{name}”这一节，可用的有 {known}", f"no such section; known: {known}")
    revision = said.get("revision", 0)
    if not isinstance(revision, int):
        file.refuse("", "revision", "revision 应为整数", "revision must be a whole number")
    sections = {section: dict(_entries(file, section, said.get(section, {}))) for section in SECTIONS}
    return Vocabulary(revision, **sections, ignored=_ignored(file, said.get("ignored", {})))


@dataclass(frozen=True, slots=True)
class _File:
    text: str
    where: str

    def refuse(self, section: str, name: str, chinese: str, english: str) -> NoReturn:
        line = self._line(section, name)
        at, of = (f"第{line}行：", f"line {line}: ") if line else ("", "")
        raise ConfigError(f"{self.where} {at}{chinese} / {of}{english}")

    def refuse_syntax(self, error: tomllib.TOMLDecodeError) -> NoReturn:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        lines = self.text.splitlines()
        number = int(place[1]) if place else max(len(lines), 1)
        words = lines[number - 1].strip()[:40] if number <= len(lines) else ""
        raise ConfigError(
            f"{self.where} 第{number}行：写法不对（{words}），名称和值要加英文引号，每条一行，不重复 / "
            f"line {number}: {error}: names and values in straight quotes, one entry a line, none twice"
        ) from error

    def _line(self, section: str, name: str) -> int | None:
        """Of the entry, counted from 1: its name in quotes, or bare, in its section; else the first that names it."""
        at = ""
        for number, line in enumerate(self.text.splitlines(), 1):
            head = re.match(r"\s*\[+\s*[\"']?([^\]\"'.]+)", line)
            at = head[1].strip() if head else at
            own = re.match(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([\w-]+))\s*[.=]", line)
            if (head and not section and at == name) or (
                own and at == section and name in (own[1], own[2], own[3], own[1] and own[1].replace('\\"', '"'))
            ):
                return number
        lines = enumerate(self.text.splitlines(), 1)
        return next((number for number, line in lines if name in line), None)  # [columns."销号时点"]


def _entries(file: _File, section: Section, said: object) -> Iterator[tuple[str, Entry]]:
    if not isinstance(said, dict):
        file.refuse("", section, f"[{section}] 应是一节", f"[{section}] must be a section")
    for name, value in said.items():
        if not normal(name):
            file.refuse(section, name, "名称是空的", "the name is empty")
        yield name, _entry(file, section, name, value)


def _entry(file: _File, section: Section, name: str, value: Any) -> Entry:  # noqa: ANN401 - whatever TOML may hold
    learned = value if isinstance(value, dict) else {}
    said = learned.get(_VALUE_KEY[section]) if section != "units" and learned else value
    if section == "units":
        if value is not True and not learned:
            file.refuse(section, name, f"“{name}”的值应为 true", "the value must be true")
        said = ""
    elif not isinstance(said, str) or not normal(said):
        file.refuse(section, name, f"“{name}”的值应为带引号的文字", "the value must be words in quotes")
    if section == "columns" and said not in MEANINGS:
        known = " ".join(MEANINGS)
        file.refuse(section, name, f"“{said}”不是列的含义，可用的有 {known}", f"no meaning of a column; known: {known}")
    seen, sources = learned.get("seen", 0), learned.get("from", {})
    if not isinstance(sources, dict) or not all(isinstance(each, int) for each in (seen, *sources.values())):
        file.refuse(section, name, "seen 应为整数，from 应为 { 文件 = 次数 }", "seen is a number, from a table of them")
    documents = learned.get("documents", len(sources))
    return Entry(said, seen, documents if isinstance(documents, int) else len(sources), tuple(sources.items()))


def _ignored(file: _File, said: object) -> dict[Section, frozenset[str]]:
    if not isinstance(said, dict):
        file.refuse("", "ignored", "[ignored] 应是一节", "[ignored] must be a section")
    for section, names in said.items():
        if section not in SECTIONS:
            known = "、".join(SECTIONS)
            file.refuse("ignored", section, f"[ignored] 里没有 {section}，可用的有 {known}", f"known here: {known}")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            file.refuse("ignored", section, f'{section} 应为 ["名称", …]', 'must be ["name", …]')
    return {section: frozenset(said.get(section, ())) for section in SECTIONS}


def dump(vocabulary: Vocabulary) -> str:
    """The file's text; ``parse`` gives the vocabulary back. What is by hand stands first, else by name."""
    lines = [_HEAD + f"revision = {vocabulary.revision}"]
    for section in SECTIONS:
        lines += ["", f"[{section}]  # {_TITLES[section]}"]
        entries = sorted(vocabulary.of(section).items(), key=lambda each: (not each[1].by_hand, each[0]))
        lines += [f"{_quoted(name)} = {_value(section, entry)}" for name, entry in entries]
    lines += ["", "[ignored]  # 不学 / not to be learned"]
    lines += [f"{section} = {_listed(vocabulary.ignored.get(section, frozenset()))}" for section in SECTIONS]
    return "\n".join(lines) + "\n"


def _value(section: Section, entry: Entry) -> str:
    if entry.by_hand:
        return "true" if section == "units" else _quoted(entry.means)
    parts = [] if section == "units" else [f"{_VALUE_KEY[section]} = {_quoted(entry.means)}"]
    parts.append(f"seen = {entry.seen}")
    shown = entry.sources[:SOURCES_SHOWN]
    if entry.documents > len(shown):
        parts.append(f"documents = {entry.documents}")
    sources = ", ".join(f"{_key(name)} = {count}" for name, count in shown)
    return "{ " + ", ".join([*parts, f"from = {{ {sources} }}"]) + " }"


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    return "[" + "".join(f"\n    {_quoted(name)}," for name in found) + ("\n]" if found else "]")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(words: str) -> str:
    """A basic string of TOML, which is JSON's but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
