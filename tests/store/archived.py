"""A small archive: three indicators, two contradictions."""

from __future__ import annotations

from extractor.types.archive import Conflict
from tests.archive.observed import CITY, COUNTY, OTHER_CITY, PROVINCE, indicator, observation

SHARE = [
    observation(50, 2023, CITY, document_year=2020),
    observation(55, 2025, CITY),
    observation(60, 2025, PROVINCE),
    observation(52, 2025, COUNTY, metric="护理型养老床位比例"),
]
TOTAL = [
    observation(1200, 2022, CITY, metric="新增养老床位", unit="张"),
    observation(None, None, None, metric="新增养老床位", document_year=None, unit="一批"),
]
ROADS = [
    observation(
        80, 2024, OTHER_CITY, metric="新改建农村公路", unit="公里", domain="交通", strength="strive", object="各县"
    )
]
ALL = [*SHARE, *TOTAL, *ROADS]
INDICATORS = [indicator(*SHARE), indicator(*TOTAL, certainty=1), indicator(*ROADS, name="农村公路", certainty=0.5)]
CONFLICTS = [
    Conflict("laxer", INDICATORS[0].id, 2025, SHARE[3].id, SHARE[1].id, 3.0),
    Conflict("laxer", INDICATORS[0].id, 2025, SHARE[1].id, SHARE[2].id, 5.0),
]
