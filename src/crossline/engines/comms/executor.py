"""Where the communications engine's SQL runs: one in-process DuckDB per task, bounded in memory, with no network and no home.

The SQL itself is one text, written so that sqlglot renders it for Spark too (docs/decisions/0005); what only DuckDB can do
(reading CSV, writing sorted Parquet) stays in layout.py.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp


@dataclass(frozen=True)
class Limits:
    """What one task may take of the machine. Memory is DuckDB's own; the process needs about half a gigabyte more."""

    threads: int = 2
    memory_mb: int = 2200


STANDARD_LIMITS = Limits()


@contextmanager
def executor(limits: Limits = STANDARD_LIMITS, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A fresh connection that spills to a folder of its own, gone when the task ends."""
    with tempfile.TemporaryDirectory(prefix="crossline-comms-", dir=spill) as folder:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"SET threads = {limits.threads}")
            connection.execute(f"SET memory_limit = '{limits.memory_mb}MB'")
            connection.execute(f"SET temp_directory = {literal(folder)}")
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET preserve_insertion_order = false")
            yield connection
        finally:
            connection.close()


def literal(value: str | Path) -> str:
    """A text as an SQL literal: for paths, which no dialect takes as a parameter here."""
    return "'" + str(value).replace("'", "''") + "'"


def file_list(paths: list[Path]) -> str:
    """Paths as the list literal that DuckDB's file readers take."""
    return "[" + ", ".join(literal(path) for path in paths) + "]"


def fill(text: str, values: Mapping[str, float | int]) -> str:
    """Numbers of a settings record put in for `:name` in a text. Numbers only: no value from a file ever gets here."""
    for name in sorted(values, key=len, reverse=True):
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            msg = f"setting {name} is no number"
            raise TypeError(msg)
        text = text.replace(f":{name}", repr(value))
    return text


@lru_cache(maxsize=256)
def rendered(text: str, dialect: str = "duckdb") -> str:
    """One statement of the shared subset as a dialect ("duckdb", "spark") writes it; anything unsupported is an error."""
    parsed = sqlglot.parse_one(text, read="duckdb").transform(_as_double)
    return parsed.sql(dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)


def _as_double(node: exp.Expr) -> exp.Expr:
    """A number with a point is a double: Spark would count on with it as a decimal of few digits."""
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        return exp.cast(node, exp.DataType.Type.DOUBLE)
    return node


def make_tables(
    connection: duckdb.DuckDBPyConnection, texts: Mapping[str, str], numbers: Mapping[str, float | int]
) -> None:
    """Each text of the shared subset made into a temporary table of its name, in order."""
    for name, text in texts.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {rendered(fill(text, numbers))}")
