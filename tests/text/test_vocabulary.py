"""The vocabulary's file and its names."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import ConfigError
from extractor.text.vocabulary import (
    SECTIONS,
    Entry,
    Vocabulary,
    Words,
    alias_of,
    dump,
    parse,
    place_of,
    read_vocabulary,
)

WRITTEN = """\
revision = 7

[units]
"园区和企业服务中心" = true
"市交通局" = { seen = 9, documents = 7, from = { aa = 3, bb = 2, cc = 1 } }

[aliases]
"发改委" = "发展和改革委员会"
'教体局' = { name = "教育体育局", seen = 2, from = { aa = 2 } }

[columns]
"销号时点" = "时限"
"抓总部门" = { holds = "lead", seen = 12, from = { aa = 12 } }

[ignored]
columns = ["说明栏"]
"""


def test_what_people_and_program_write_is_told_apart() -> None:
    read = parse(WRITTEN, "vocabulary.toml")
    assert read.revision == 7
    assert read.units["园区和企业服务中心"].by_hand
    assert read.units["市交通局"] == Entry("", 9, 7, (("aa", 3), ("bb", 2), ("cc", 1)))
    assert read.aliases["发改委"] == Entry("发展和改革委员会")
    assert read.aliases["教体局"].means == "教育体育局"
    assert not read.aliases["教体局"].by_hand
    assert read.words().columns == {"销号时点": "when", "抓总部门": "lead"}
    assert "说明栏" in read.ignored["columns"]
    assert "说明栏" not in read.ignored.get("units", ())


def test_what_is_written_reads_back() -> None:
    odd = Vocabulary(
        3,
        {'"引"号\\与\x7f': Entry(), "第七、八所": Entry("", 2, 1, (("中文 id", 2),))},
        {"a.b": Entry("甲#乙=丙")},
        {},
        {section: frozenset({"x]", 'y"'}) for section in SECTIONS},
    )
    for vocabulary in (odd, parse(WRITTEN, "v")):
        assert parse(dump(vocabulary), "v").words() == vocabulary.words()
        assert dump(parse(dump(vocabulary), "v")) == dump(vocabulary)
    assert parse(dump(odd), "v") == odd


def test_words_by_hand_stand_first_and_as_written() -> None:
    lines = dump(parse(WRITTEN, "v")).splitlines()
    assert lines.index('"销号时点" = "时限"') < lines.index(
        '"抓总部门" = { holds = "lead", seen = 12, from = { aa = 12 } }'
    )


BROKEN = {
    "no quotes": ('[aliases]\n"发改委" = 发展和改革委员会\n', 2),
    "Chinese quotes": ('[aliases]\n\n"教体局" = “教育体育局”\n', 3),
    "a name without quotes": ('[units]\n市交通局 = true\n', 2),
    "twice": ('[units]\n"甲局" = true\n"甲局" = true\n', 3),
    "unknown section": ('[units]\n"甲局" = true\n[简称]\n"a" = "b"\n', 3),
    "no such meaning": ('[units]\n"销号" = true\n[columns]\n"销号时点" = "when"\n"销号" = "deadline"\n', 5),
    "a number for a name": ('[aliases]\n"甲" = 3\n', 2),
    "false for a unit": ('[units]\n"乙局" = true\n"甲局" = false\n', 3),
    "an empty name": ('[aliases]\n"甲局" = "  "\n', 2),
    "ignored is no list": ('[ignored]\nunits = "甲局"\n', 2),
    "ignored in an unknown section": ('[ignored]\nunits = []\nnames = ["甲局"]\n', 3),
    "sources are no numbers": ('[units]\n"甲局" = { seen = 2, from = { aa = "2" } }\n', 2),
    "an entry as a table of its own": ('[units]\n"乙局" = true\n\n[columns."销号"]\nseen = 3\nholds = "x"\n', 4),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_by_its_line(text: str, line: int) -> None:
    with pytest.raises(ConfigError) as told:
        parse(text, "词汇.toml")
    message = str(told.value)
    assert message.startswith(f"词汇.toml 第{line}行：")
    assert f" / line {line}: " in message


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.toml"
    with pytest.raises(ConfigError, match="打不开"):
        read_vocabulary(path)
    path.write_bytes('[units]\n"市局" = true'.encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_vocabulary(path)
    path.write_bytes(b'\xef\xbb\xbf[units]\r\n"a" = true\r\n')
    assert read_vocabulary(path).words().units == {"a"}


PLACES = {
    "市发改委": "市", "示例市发改委": "示例市", "国家发展改革委": "国家", "杭州市教育局": "杭州市", "县委组织部": "县",
    "经济开发区管委会": "经济开发区", "市政府办": "市",
    "市场监管局": "", "市政局": "", "城市管理局": "", "乡村振兴局": "", "区域合作办": "", "住房和城乡建设局": "", "社区服务中心": "",
    "商务和市场局": "", "民政局": "", "市": "",
}  # fmt: skip


@pytest.mark.parametrize(("name", "place"), PLACES.items())
def test_places_in_names(name: str, place: str) -> None:
    assert place_of(name) == place


ALIASES = {
    "without a place": ("发改委", "发展和改革委员会", ("发改委", "发展和改革委员会")),
    "under the same place": ("市教体局", "市教育体育局", ("教体局", "教育体育局")),
    "under the same named place": ("示例县住建局", "示例县住房和城乡建设局", ("住建局", "住房和城乡建设局")),
    "under another place": ("县教体局", "市教育体育局", None),
    "without the place": ("教体局", "市教育体育局", None),
    "a part cut off": ("旅游局", "文化和旅游局", None),
    "another order": ("委改发", "发展和改革委员会", None),
    "another unit": ("民政局", "财政局", None),
    "the same": ("民政局", "民政局", None),
    "one character": ("局", "民政局", None),
}


@pytest.mark.parametrize(("short", "long", "expected"), ALIASES.values(), ids=ALIASES)
def test_abbreviations(short: str, long: str, expected: tuple[str, str] | None) -> None:
    assert alias_of(short, long) == expected


def test_whole_names_keep_their_place() -> None:
    words = Words(
        aliases={
            "发改委": "发展改革委",
            "发展改革委": "发展和改革委员会",
            "市府办": "示例市政府办公室",
            "甲": "乙",
            "乙": "甲",
        }
    )
    assert words.canonical("发改委") == "发展和改革委员会"
    assert words.canonical("示例市发改委") == "示例市发展和改革委员会"
    assert words.canonical("市府办") == "示例市政府办公室"
    assert words.canonical("发展和改革委员会") is None
    assert words.canonical("县市府办") is None, "an alias with a place of its own takes no other"
    assert words.canonical("市财政局") is None
    assert words.canonical("甲") == "乙", "two that stand for each other end somewhere"
