"""Whose plan a document is, and which place a row of it binds: names told by their endings, with a gazetteer for who is
above whom.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from extractor.mentions.lexicon import one_of
from extractor.text.view import make_view
from extractor.types.archive import Place, PlaceLevel
from extractor.types.record import DocumentInfo

_DATA: dict[str, Any] = tomllib.loads(files("extractor.archive").joinpath("places.toml").read_text("utf-8"))
_RANKS: dict[PlaceLevel, int] = {"national": 0, "province": 1, "city": 2, "county": 3, "township": 4}
NATION = Place("全国", "national")


class _Name(NamedTuple):
    name: str
    level: PlaceLevel


# --- the gazetteer --------------------------------------------------------------------------------------


class _Gazetteer:
    """``above``: name → the places that one of that name may be under. ``short``: 江苏, 恩施州 → the full name."""

    def __init__(self) -> None:
        self.levels: dict[str, set[PlaceLevel]] = defaultdict(set)
        self.above: dict[str, set[str]] = defaultdict(set)
        self.short: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        for province, table in _DATA["provinces"].items():
            self.levels[province].add("province")
            *longer, letter = table["short"].split()
            self.letters[letter] = province
            self.short.update((short, province) for short in longer)
        for province, table in _DATA["provinces"].items():
            for city, counties in table.items():
                if city != "short":
                    self._add(province, city, counties.split())
        self.short |= _DATA["former"]

    def _add(self, province: str, city: str, counties: list[str]) -> None:
        if city:
            self._name(city, "city", province)
        for county in counties:
            self._name(county, "county", city or province)

    def _name(self, name: str, level: PlaceLevel, above: str) -> None:
        self.levels[name].add(level)
        self.above[name].add(above)
        plain = _PEOPLES.sub(lambda match: "" if match[1] == "自治" else match[0], name)
        for short in {plain, plain[:-1] if level == "city" and plain.endswith("市") else plain} - {name}:
            if len(short) >= 2:
                self.short.setdefault(short, name)


_PEOPLES = re.compile(rf"(?:(?:{'|'.join(_DATA['peoples']['names'])})族?)+(自治)(?=[州县旗])")


@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer()


@cache
def _full_names() -> re.Pattern[str]:
    found = _gazetteer()
    return re.compile(one_of([*found.levels, *(name for name in found.short if name[-1] in "市州县旗区")]))


# --- names in words -------------------------------------------------------------------------------------

_PART = r"[\u4e00-\u9fff·]"
_ZONES = (
    "高新技术产业开发区", "高新技术开发区", "经济技术开发区", "经济开发区", "高新区", "经开区", "新区",
    "开发区", "工业园区", "产业园区", "综合保税区", "保税区", "度假区", "风景名胜区", "风景区", "管理区", "示范区", "合作区", "试验区", "港区",
)  # fmt: skip
_PLAIN_ZONES = 7  # of these the words alone say that it is one place; the rest want the name of their office after them
_ENDINGS: tuple[tuple[str, PlaceLevel, int, int, str], ...] = (  # ending, level, least and most before it, what may not follow
    ("特别行政区", "province", 2, 4, ""), ("自治区", "province", 2, 8, ""), ("自治州", "city", 2, 14, ""), ("自治县", "county", 2, 14, ""),
    ("自治旗", "county", 2, 12, ""), ("林区", "county", 2, 5, ""), ("地区", "city", 2, 6, ""), ("街道", "township", 2, 5, ""), ("苏木", "township", 2, 6, ""),
    ("省", "province", 2, 4, ""), ("市", "city", 2, 6, "场(?!监)"), ("县", "county", 2, 5, ""), ("区", "county", 2, 5, "[域划位别间块]"),
    ("州", "city", 2, 5, "[省市县区州旗盟镇乡级](?!场|政|容|民)"), ("盟", "city", 2, 6, "[市县主友员约国]"), ("旗", "county", 2, 8, "[县区市舰帜](?!场|政|容|民)"),
    ("镇", "township", 2, 5, "[市县区村街化](?!场|政)"), ("乡", "township", 2, 5, "[市县区村镇愁土贤友族音亲情建规]"),
)  # fmt: skip
_GENERIC = re.compile("|".join(_DATA["generic"]["names"]))
_STEM = re.compile(_DATA["generic"]["stems"])
_OFFICE = re.compile(r"(?:党工委|管委会|管理委员会|工委|行政审批|人民政府|党政|社会事业局|\d|[“《]|$)")
_AFTER_LONE = re.compile(  # what may follow a name of two characters (易县, 东区): an office, a year, the end
    r"(?:人民|政府|党委|委|人大|政协|办|公室|民政|教育|财政|发展|卫生|水|农|林|住|市场|交通|公安|司法|应急|人力|文|生态|自然|商务|统计|审计|\d|[“《]|关于|$)"
)
_NATIONAL = re.compile(one_of(_DATA["national"]["organs"]))
_NATION = re.compile(rf"(?!{'|'.join(_DATA['national']['own'])})(?:{'|'.join(_DATA['national']['level'])})")


def _next(text: str, at: int, above: PlaceLevel | None, *, whole: bool) -> _Name | None:
    """The name that starts at ``at`` and is below ``above``. ``whole``: the text is a name and nothing else."""
    known = _full_names().match(text, at)
    if known is not None and (made := _from_gazetteer(known, text, above)) is not None:
        return made
    for end in range(at + 2, min(len(text), at + 18) + 1):
        for zone_at, zone in enumerate(_ZONES):
            if text.endswith(zone, at, end) and (made := _zone(text, at, end, zone_at, above, whole=whole)) is not None:
                return made
        if (made := _by_ending(text, at, end, above)) is not None:
            return made
    return None


def _from_gazetteer(match: re.Match[str], text: str, above: PlaceLevel | None) -> _Name | None:
    name, end = match.group(), match.end()
    full = _gazetteer().short.get(name, name)
    if len(name) == 2 and above is None and (name[1] == "区" or not _AFTER_LONE.match(text, end)):
        return None
    levels = sorted(_gazetteer().levels[full], key=lambda level: _RANKS[level])
    level = next((level for level in levels if above is None or _RANKS[level] > _RANKS[above]), None)
    return None if level is None else _Name(name, level)


def _zone(text: str, at: int, end: int, kind: int, above: PlaceLevel | None, *, whole: bool) -> _Name | None:
    stem = text[at : end - len(_ZONES[kind])]
    if len(stem) > 8 or _STEM.search(stem) or (above is not None and _RANKS[above] >= _RANKS["county"]):
        return None
    alone = not stem and above is None
    if not whole and (kind >= _PLAIN_ZONES or alone) and not _OFFICE.match(text, end):
        return None
    return _Name(text[at:end], "county")


def _by_ending(text: str, at: int, end: int, above: PlaceLevel | None) -> _Name | None:
    for ending, level, least, most, not_after in _ENDINGS:
        if not text.endswith(ending, at, end):
            continue
        stem = text[at : end - len(ending)]
        if ending == "市" and above == "city":
            level = "county"
        if ending == "区" and text.endswith(_ZONES, at, end):
            return None
        if not least <= len(stem) <= most or (above is not None and _RANKS[level] <= _RANKS[above]):
            return None
        if not re.fullmatch(f"{_PART}+", stem) or _STEM.search(stem) or _GENERIC.fullmatch(text[at:end]):
            return None
        return None if not_after and re.compile(not_after).match(text, end) else _Name(text[at:end], level)
    return None


def _chain(text: str, *, whole: bool = False) -> tuple[list[_Name], int]:
    """The names that open ``text``, from above downwards (澄州省, 溪宁市), and where they end."""
    names: list[_Name] = []
    at = 0
    while (found := _next(text, at, names[-1].level if names else None, whole=whole)) is not None:
        names.append(found)
        at += len(found.name)
    return names, at


# --- the place of a document ----------------------------------------------------------------------------

_BODY = re.compile(r"^(?:中国共产党|中共|共青团|政协|中国人民政治协商会议|民革|民盟)(?!中央)")
_YEAR = r"(?:20\d\d年?度?(?:[-—~至]20\d\d年?度?)?|“[^”]{2,4}”)?"
_HEADS = re.compile(
    rf"^(?:关于)?(?:(?:印发|下达|公布|发布|转发|批转|实施|做好|调整|修订|分解)?[《“]?{_YEAR})|(?:关于|印发|下达|公布|发布|批复|同意|《){_YEAR}"
)
_NAMELESS = re.compile(r"^(?:省|自治区)(?!级)")


def place_of(info: DocumentInfo, texts: Iterable[str] = ()) -> Place | None:
    """The place whose plan it is, None where no name is printed (省民政厅 and no number that tells which).

    Title and issuer are asked first; where they name different places the lower one counts, since what the province
    hands down to a city is the city's. ``texts`` (salutation, annexes) are asked after them. The place above is the
    one printed before the name, else the gazetteer's, else the issuer's where that stands higher.
    """
    title = make_view(info.title or "").text.replace("\n", "")
    issuers = [make_view(part).text for part in re.split(r"[、,，;；\s]+", info.issuer or "") if part]
    named = next((chain for at in _heads(title) if (chain := _chain(_BODY.sub("", title[at:]))[0])), [])
    issuing = next((chain for part in issuers if (chain := _chain(_BODY.sub("", part))[0])), [])
    if named and issuing and _RANKS[named[-1].level] < _RANKS[issuing[-1].level]:
        named, issuing = issuing, named
    if named or issuing:
        return _made(named or issuing, issuing)
    if any(_NATIONAL.match(part) or _NATION.match(part) for part in issuers):
        return NATION
    lettered = _by_letter([*issuers, title], info.document_number)
    if lettered is not None:
        return lettered
    if not issuers and (_NATIONAL.match(title) or _NATION.match(title)):
        return NATION
    chains = (_chain(make_view(text).text)[0] for text in texts)
    return next((_made(chain, []) for chain in chains if chain), None)


def _heads(title: str) -> Iterator[int]:
    """Where in a title a place's name may start."""
    yield from dict.fromkeys([0, *(match.end() for match in _HEADS.finditer(title))])


def _by_letter(heads: list[str], number: str | None) -> Place | None:
    """省民政厅 with a number 苏民发… is Jiangsu's."""
    province = _gazetteer().letters.get((number or "")[:1])
    nameless = any(_NAMELESS.match(head) for head in heads)
    return Place(province, "province") if province is not None and nameless else None


def _made(chain: list[_Name], others: list[_Name]) -> Place:
    """The last of ``chain``, under the one before it."""
    *higher, own = chain
    name = _whole(own.name)
    if higher:
        above: str | None = _whole(higher[-1].name)
    else:
        above = _only_above(name) or _zone_of(own.name)
        if above is None and others and _RANKS[others[-1].level] < _RANKS[own.level]:
            above = _whole(others[-1].name)
    return Place(name, own.level, above if above != name else None)


def _whole(name: str) -> str:
    return _gazetteer().short.get(name, name)


def _only_above(name: str) -> str | None:
    """What the gazetteer has above ``name``, unless several places are called so."""
    above = _gazetteer().above.get(name, set())
    return next(iter(above)) if len(above) == 1 else None


def _zone_of(name: str) -> str | None:
    """苏州工业园区 is 苏州市's."""
    zone = next((zone for zone in _ZONES if name.endswith(zone)), None)
    city = _gazetteer().short.get(name.removesuffix(zone)) if zone else None
    return city if city is not None and "city" in _gazetteer().levels[city] else None


# --- the place of a row ---------------------------------------------------------------------------------

_MARKS = re.compile(r"^(?:其中:|[\d.、()★*]+)|(?<=..)(?:人民政府|政府|办事处|管委会|管理委员会|\([^()]*\))$|[\s:]")


@lru_cache(maxsize=16384)
def place_named(text: str, within: Place | None = None) -> Place | None:
    """The place that a row's heading or a scope is the name of, whole; None for 合计, 各县, 山区县, A县、B县.

    ``within``: the document's place, which decides between places of one name and is above where nothing else is known.
    """
    name = _MARKS.sub("", make_view(text).text)
    chain, end = _chain(name, whole=True)
    if not chain or end < len(name):
        full = _gazetteer().short.get(name) if len(name) >= 2 else None
        if full is None:
            return None
        chain = [_Name(full, next(iter(_gazetteer().levels[full])))]
    own = _made(chain, [])
    above = _gazetteer().above.get(own.name, set())
    if within is not None and own.level == within.level == "city" and own.name.endswith("市") and not above:
        own = Place(own.name, "county", own.parent)
    if len(chain) > 1 or within is None or _RANKS[within.level] >= _RANKS[own.level]:
        return own
    known = [higher for higher in sorted(above) if higher == within.name or within.name in _ancestors(higher, {})]
    if within.level == "national" or within.name == own.name:
        return own
    if not known and (_GENERIC.fullmatch(own.name) or name in _gazetteer().short):
        return None
    return Place(own.name, own.level, known[0] if known else within.name)


# --- who is above whom ----------------------------------------------------------------------------------


def parents_of(places: Iterable[Place]) -> dict[str, str]:
    """Who is above whom as the documents say it; a name said to be under two places is left out."""
    said: dict[str, set[str]] = defaultdict(set)
    for place in places:
        if place.parent is not None:
            said[place.name].add(place.parent)
    return {name: next(iter(above)) for name, above in said.items() if len(above) == 1}


def above(a: Place, b: Place, parents: Mapping[str, str] | None = None) -> bool:
    """Whether ``a`` is a superior of ``b``, near or far; ``parents`` (see ``parents_of``) adds to the gazetteer."""
    if _RANKS[a.level] >= _RANKS[b.level]:
        return False
    return a.level == "national" or a.name in _ancestors(b.parent or b.name, parents or {}) or a.name == b.parent


def _ancestors(name: str, parents: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    higher = parents.get(name) or _only_above(name)
    while higher is not None and higher not in found:
        found.add(higher)
        higher = parents.get(higher) or _only_above(higher)
    return found
