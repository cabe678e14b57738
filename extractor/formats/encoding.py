"""Bytes → characters, never with a replacement character put in silently."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from extractor.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_COMMON = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027\u2460-\u249b -~\\s]")
_HAN = re.compile("[\u4e00-\u9fff]")
_USUAL = 0.93  # share of usual characters that makes bytes UTF-16
_SAMPLE = 65_536
_MAX_BAD = 0.01  # of the characters, and two more: beyond it the bytes are no text in that encoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """``bad``: offsets in ``text`` of U+FFFD characters that stand for bytes which can't be read."""

    text: str
    encoding: str
    bad: tuple[int, ...] = ()


def decode(data: bytes, hint: str | None = None) -> Decoded:
    """The characters of a text file: by byte order mark, ``hint`` (what the file says of itself), UTF-8, UTF-16
    by its zero bytes, GB18030. Raises ``binary`` where nothing fits.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _checked(_lenient(data[len(mark) :], name))
    for name in _candidates(data, hint):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            return Decoded(text, name)
    return _best(data)


def decode_start(data: bytes) -> str | None:
    """As ``decode`` for the start of a file, which may be cut inside a character; None for no text."""
    for cut in range(4):
        text = data[: len(data) - cut].decode("utf-8", "ignore")
        if len(text.encode()) == len(data) - cut and _is_text(text):
            return text
    for cut in range(4):
        try:
            return decode(data[: len(data) - cut]).text
        except ReadError:
            continue
    return None


def _candidates(data: bytes, hint: str | None) -> list[str]:
    names = ["utf-8"]
    if hint:
        hint = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030"}.get(hint.lower(), hint)
        names.append(hint)
    wide = _utf16(data[:_SAMPLE])
    return [wide, *names] if wide else [*names, "gb18030"]


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes, or bytes that are nothing else, and nearly every code unit a character
    that Chinese documents use.
    """
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) < 8 or (b"\0" not in sample and (_decodes(sample, "utf-8") or _decodes(sample, "gb18030"))):
        return None
    shares = {name: _usual(sample.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _USUAL else None


def _usual(text: str) -> float:
    """The share of Chinese characters, their punctuation and ASCII; 0 for a text without them."""
    return len(_COMMON.findall(text)) / len(text) if _HAN.search(text) or text.isascii() else 0.0


def _decodes(sample: bytes, name: str) -> bool:
    """Whether a sample decodes but for a character cut off at its end."""
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) <= len(sample) // 200


def _best(data: bytes) -> Decoded:
    """The encoding that loses the fewest characters, if it loses few."""
    tries = [_lenient(data, name) for name in ("utf-8", "gb18030")]
    return _checked(min(tries, key=lambda d: len(d.bad)))


def _checked(found: Decoded) -> Decoded:
    """What was decoded, if it is text and lost little. Raises ``binary``."""
    if not _is_text(found.text) or len(found.bad) > min(2 + _MAX_BAD * len(found.text), len(found.text) / 10):
        raise ReadError(
            "binary",
            "不是可识别的文本编码（支持 UTF-8、GB18030、UTF-16），请另存为 UTF-8 / not text in a known encoding: "
            "save it as UTF-8",
        )
    return found


def _lenient(data: bytes, name: str) -> Decoded:
    text = data.decode(name, "replace")
    own = _own_replacements(data, name)
    bad = tuple(match.start() for match in re.finditer("\ufffd", text))
    return Decoded(text, name, bad if len(bad) > own else ())


def _own_replacements(data: bytes, name: str) -> int:
    """U+FFFD that the source itself holds (then it is what was written, not our loss)."""
    return data.decode(name, "ignore").count("\ufffd")
