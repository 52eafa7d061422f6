"""A Spark of this machine, for the engines that can use it; no part of an ordinary installation: requirements/spark.in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from crossline.errors import CrosslineError


class SparkMissing(CrosslineError):
    """Spark was asked for and is not in this environment."""


@contextmanager
def spark_session(*, threads: int = 2, settings: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A session reachable from nowhere else, gone when the task ends. `settings` of a cluster's own come on top."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # no part of an ordinary installation
    except ImportError as error:
        msg = "Spark is not installed here; install requirements/spark.txt into an environment of its own."
        raise SparkMissing(msg) from error
    chosen = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.default.parallelism": str(threads),
        **(settings or {}),
    }
    os.environ.setdefault(
        "PYSPARK_PYTHON", sys.executable
    )  # or tasks would run in whatever Python the path finds first
    builder = SparkSession.builder.master(f"local[{threads}]").appName("crossline")
    for name, value in chosen.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()
