from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import ReadError
from extractor.formats.encoding import decode, decode_start

TEXT = "云岭市2031年民政工作要点\r\n一、完成30户改造，覆盖率达到90%以上。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    found = decode(data)
    assert (found.text, found.encoding, found.bad) == (TEXT, encoding, ())


def test_rare_characters_of_gb18030() -> None:
    assert decode("㐀𠀀镕珺淼、龑昇".encode("gb18030")).text == "㐀𠀀镕珺淼、龑昇"


def test_utf16_without_any_ascii() -> None:
    text = "云岭市民政局关于加强养老服务工作的若干意见，请认真贯彻落实。" * 3
    assert decode(text.encode("utf-16-le")).text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_more_zero_bytes_in_chinese_than_in_ascii(encoding: str) -> None:
    text = "　　一、总体要求，一是统一思想，一律按期完成。" * 9 + "3"
    assert decode(text.encode(encoding)).text == text


def test_a_byte_that_cannot_be_read_is_told_not_hidden() -> None:
    data = ("完成改造三十户，" * 40).encode()
    found = decode(data[:300] + b"\xff" + data[300:])
    assert found.encoding == "utf-8"
    assert found.text[found.bad[0]] == "\ufffd"
    assert len(found.bad) == 1


def test_a_file_cut_inside_its_last_character() -> None:
    found = decode("完成改造三十户，按期验收。".encode()[:-1])
    assert (found.text, found.bad) == ("完成改造三十户，按期验收\ufffd", (12,))


def test_replacement_characters_of_the_source_are_no_loss() -> None:
    assert decode("完成\ufffd户".encode()).bad == ()


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 500, Random(1).randbytes(3000)])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert caught.value.code == "binary"


def test_start_of_a_file_may_be_cut_inside_a_character() -> None:
    data = TEXT.encode()
    assert decode_start(data[:4]) == "云"
    assert decode_start(bytes(range(256)) * 20) is None


def test_declared_encoding() -> None:
    assert decode("Größe".encode("latin-1"), "latin-1").text == "Größe"
    assert decode("完成".encode("gbk"), "no-such-encoding").text == "完成"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_comes_back(text: str) -> None:
    found = decode(b"\xef\xbb\xbf" + text.encode())
    assert found.text == text


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_binary_after_a_byte_order_mark_is_refused(mark: bytes) -> None:
    for data in (Random(1).randbytes(3000), b"\x01\x00\x00\x00" * 500):
        with pytest.raises(ReadError) as caught:
            decode(mark + data)
        assert caught.value.code == "binary"
