"""The tables of the aligned archive. Those of observations, indicators and conflicts are replaced together, in bulk: so
no foreign keys between them.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, TypedColumns

from extractor.store.columns import DOUBLE, SafeText, metadata


class ArchiveObservationColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    indicator_id: Column[str | None] = Column(SafeText, index=True)
    document: Column[str] = Column(SafeText, nullable=False)
    domain: Column[str] = Column(SafeText, nullable=False)
    place: Column[str | None] = Column(SafeText)
    place_level: Column[str | None] = Column(SafeText)
    parent: Column[str | None] = Column(SafeText)
    year: Column[int | None] = Column(Integer)
    document_year: Column[int | None] = Column(Integer)
    metric: Column[str] = Column(SafeText, nullable=False)
    dimension: Column[str] = Column(SafeText, nullable=False)
    value: Column[float | None] = Column(DOUBLE)
    data: Column[str] = Column(SafeText, nullable=False)


archive_observations = Table("archive_observations", metadata, ArchiveObservationColumns, sqlite_strict=True)
Index("ix_archive_observations_place_year", archive_observations.c.place, archive_observations.c.year)


class ArchiveIndicatorColumns(TypedColumns):
    id = Column(SafeText, primary_key=True)
    name: Column[str] = Column(SafeText, nullable=False)
    domain: Column[str] = Column(SafeText, nullable=False, index=True)
    unit: Column[str | None] = Column(SafeText)
    observations: Column[int] = Column(Integer, nullable=False)
    documents: Column[int] = Column(Integer, nullable=False)
    places: Column[int] = Column(Integer, nullable=False)
    first_year: Column[int | None] = Column(Integer)
    last_year: Column[int | None] = Column(Integer)
    certainty: Column[float] = Column(DOUBLE, nullable=False)
    renamed: Column[int] = Column(Integer, nullable=False)
    conflicts: Column[int] = Column(Integer, nullable=False)
    # not part of an IndicatorRow: its name and its members' wordings, which words are looked up in
    folded: Column[str] = Column(SafeText, nullable=False)


archive_indicators = Table("archive_indicators", metadata, ArchiveIndicatorColumns, sqlite_strict=True)


class ArchiveDecisionColumns(TypedColumns):
    seq = Column(Integer, primary_key=True, autoincrement=False)
    at: Column[str] = Column(SafeText, nullable=False)
    actor: Column[str] = Column(SafeText, nullable=False)
    kind: Column[str] = Column(SafeText, nullable=False)
    data: Column[str] = Column(SafeText, nullable=False)


archive_decisions = Table("archive_decisions", metadata, ArchiveDecisionColumns, sqlite_strict=True)


class ArchiveConflictColumns(TypedColumns):
    first = Column(SafeText, primary_key=True)
    second = Column(SafeText, primary_key=True)
    kind: Column[str] = Column(SafeText, nullable=False)
    indicator_id: Column[str] = Column(SafeText, nullable=False, index=True)
    data: Column[str] = Column(SafeText, nullable=False)


archive_conflicts = Table("archive_conflicts", metadata, ArchiveConflictColumns, sqlite_strict=True)


class ArchiveStateColumns(TypedColumns):
    """One row once there is an archive: when it was aligned, and how much it has of each domain."""

    key = Column(SafeText, primary_key=True)
    at: Column[str] = Column(SafeText, nullable=False)
    data: Column[str] = Column(SafeText, nullable=False)


archive_state = Table("archive_state", metadata, ArchiveStateColumns, sqlite_strict=True)
