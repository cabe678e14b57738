"""A small archive, aligned: what the pages and the workspace's tests look at."""

from __future__ import annotations

from extractor.archive.contradictions import contradictions
from extractor.store import archive
from extractor.store.database import Database
from extractor.types.archive import Indicator, Observation
from tests.archive.observed import CITY, COUNTY, OTHER_CITY, PROVINCE, indicator, observation

SHARE = [
    observation(30, 2020, PROVINCE, document_year=2016), observation(50, 2023, PROVINCE, document_year=2021),
    observation(55, 2025, PROVINCE, document_year=2021), observation(40, 2020, document_year=2017),
    observation(52, 2023, document_year=2021), observation(60, 2025, document_year=2023),
    observation(45, 2023, OTHER_CITY), observation(58, 2025, OTHER_CITY, document="岚川市2021年要点.docx"),
    observation(56, 2025, OTHER_CITY, document="岚川市2021年方案.docx"),
    observation(50, 2024, COUNTY, op="between", upper=60, document_year=2022, strength="strive"),
]  # fmt: skip
RATIO = [
    observation(48, 2022, COUNTY, metric="护理型养老床位比例", document_year=2022, page=None),
    observation(57, 2026, CITY, metric="护理型养老床位比例", document_year=2026),
]
ROADS = [observation(80, 2024, CITY, metric="新改建农村公路里程", unit="公里", domain="交通运输", object="各县")]
ALL = [*SHARE, *RATIO, *ROADS]
INDICATORS = [indicator(*SHARE), indicator(*RATIO, certainty=0.7), indicator(*ROADS, certainty=1)]


def fill(database: Database, observations: list[Observation] = ALL, indicators: list[Indicator] = INDICATORS) -> None:
    conflicts = contradictions(indicators, observations)
    with database.write() as connection:
        archive.replace_alignment(connection, observations, indicators, conflicts)
