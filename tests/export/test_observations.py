from __future__ import annotations

import csv
import io

from extractor.archive.analysts import _OBSERVATION
from extractor.export.observations import COLUMNS, lines
from tests.archive.observed import observation


def test_the_download_has_the_columns_of_the_tables_for_analysts() -> None:
    assert ("indicator", "name", *_OBSERVATION) == COLUMNS


def test_rows_say_what_the_tables_for_analysts_say() -> None:
    one = observation(0.5, 2025, op="between", upper=2, per="年", baseline="2020年", object="各县", strength="strive", path=("一", "二"))  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(b"".join(lines([(one, "i", "名")])).decode("utf-8-sig"), newline=""))
    said = {name: value(one) for name, (_, value) in _OBSERVATION.items()}
    assert row == {
        "indicator": "i",
        "name": "名",
        **{name: "" if value is None else str(int(value) if value == 2.0 else value) for name, value in said.items()},
    }


def test_nothing_is_a_header_alone() -> None:
    assert b"".join(lines([])) == ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()
