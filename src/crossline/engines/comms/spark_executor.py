"""The same analyses on Spark: a connection that takes what DuckDB's takes, so that nothing above it is written twice.

`SparkConnection` does as much of a DuckDB connection as the analyses ask of one (register, execute, fetch), rendering each
statement of the shared subset for Spark (decision 0005). Spark is no part of an ordinary installation: requirements/spark.in.
Reading and checking files stays with DuckDB (events.py); Spark takes over from the Parquet that it writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from crossline.engines.comms.executor import rendered
from crossline.engines.spark_session import spark_session


class SparkResult:
    """The rows of one statement, as DuckDB would hand them over."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row as a tuple."""
        return [tuple(row) for row in self._frame.collect()]

    def to_arrow_table(self) -> pa.Table:
        """Every row, in columns."""
        return self._frame.toArrow()


class SparkConnection:
    """What the analyses need of a connection, on a Spark session. A table that is made is kept, as a temporary table is."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def register(self, name: str, table: pa.Table) -> None:
        """Make the rows of an Arrow table known under a name."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def read(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of Parquet files known under a name."""
        self._session.read.parquet(*map(str, files)).createOrReplaceTempView(name)

    def execute(self, statement: str) -> SparkResult | None:
        """One statement of the shared subset: a question, or a temporary table made of one. Settings are DuckDB's alone."""
        parsed = sqlglot.parse_one(statement, read="duckdb")
        if isinstance(parsed, exp.Set):
            return None
        if isinstance(parsed, exp.Create):
            made = self._session.sql(rendered(parsed.expression.sql("duckdb"), "spark"))
            # Kept, and its plan cut short: a later text that names the table does not make it again.
            made.localCheckpoint().createOrReplaceTempView(parsed.this.name)
            return None
        return SparkResult(self._session.sql(rendered(statement, "spark")))


@contextmanager
def spark(*, threads: int = 2, settings: Mapping[str, str] | None = None) -> Iterator[SparkConnection]:
    """A connection to a Spark of this one machine, gone when the task ends."""
    with spark_session(threads=threads, settings=settings) as session:
        yield SparkConnection(session)
