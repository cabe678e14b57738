"""What the columns of all tables are made of."""

from __future__ import annotations

from sqlalchemy import REAL, BigInteger, Double, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.engine import Dialect

from extractor.store.values import as_given, clean_or_none, escaped

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class SafeText(TypeDecorator[str]):
    """Text with U+FFFD for what a database can't hold, whether it is written or looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return clean_or_none(value)


class ExactText(TypeDecorator[str]):
    """Text that comes back as it was given, whatever it holds: a file's location must still open the file."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escaped(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else as_given(value)


DOUBLE: Double[float] = Double().with_variant(
    REAL(), "sqlite"
)  # a STRICT table knows no DOUBLE; PostgreSQL's REAL has four bytes
BIG = BigInteger().with_variant(
    Integer(), "sqlite"
)  # whose INTEGER has eight bytes, and the only name in a STRICT table
