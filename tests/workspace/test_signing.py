"""Signatures, the receiver that checks them, and addresses that may be posted to."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from extractor.workspace.delivery import DeliveryRefused, checked_url, shown_url, sign
from tests.receiver import WINDOW, verify

SECRET = "一个足够长的密钥-0123456789"
BODY = '{"schema_version": "1.0", "title": "工作要点"}'.encode()


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "http://u:p@127.0.0.1/", "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/", "http://a\nb/", "/x", "javascript:alert(1)"],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(DeliveryRefused, match="http or https"):
        checked_url(url)


@pytest.mark.parametrize(
    ("secret", "headers", "body", "seconds", "sound"),
    [
        (SECRET, {}, BODY, 0, True),
        (SECRET, {}, BODY, WINDOW - 1, True),
        (SECRET, {}, BODY, WINDOW + 1, False),
        (SECRET, {}, BODY, -WINDOW - 1, False),
        ("another secret", {}, BODY, 0, False),
        (SECRET, {}, BODY + b" ", 0, False),
        (SECRET, {"X-Extractor-Timestamp": "1700000001"}, BODY, 0, False),
        (SECRET, {"X-Extractor-Timestamp": "x"}, BODY, 0, False),
        (SECRET, {"X-Extractor-Signature": ""}, BODY, 0, False),
        (SECRET, {"X-Extractor-Signature": "sha256=é"}, BODY, 0, False),
    ],
)
def test_the_receiver_takes_nothing_else(
    secret: str, headers: dict[str, str], body: bytes, seconds: int, sound: bool
) -> None:
    stamp = "1700000000"
    own = {"X-Extractor-Timestamp": stamp, "X-Extractor-Signature": sign(SECRET, stamp, BODY)}
    assert verify(secret, own | headers, body, now=int(stamp) + seconds) is sound


def test_shown_url_has_no_query_and_no_name() -> None:
    assert shown_url("https://u:p@host:8/in?key=1#x") == "https://host:8/in"


def test_the_example_of_the_docs_takes_what_is_sent() -> None:
    page = Path(__file__).parents[2] / "docs" / "exports.md"
    example: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)[0], example)
    stamp = str(int(time.time()))
    headers = {
        "X-Extractor-Timestamp": stamp,
        "X-Extractor-Signature": sign(SECRET, stamp, BODY),
        "X-Extractor-Delivery": "d1",
    }
    known: set[str] = set()
    assert [example["accepted"](SECRET, headers, BODY, known) for _ in range(2)] == [200, 200]
    assert known == {"d1"}
    assert example["accepted"](SECRET, headers, BODY + b" ", known) == 401
    assert example["accepted"](SECRET, headers | {"X-Extractor-Timestamp": "1"}, BODY, known) == 401
