"""What the Spark connection asks of a session, seen without Spark; test_comms_spark.py runs the real one."""

import sys

import pytest

from crossline.engines.comms.executor import make_tables
from crossline.engines.comms.spark_executor import SparkConnection, spark
from crossline.engines.spark_session import SparkMissing


class Session:
    """Writes down what it is asked, and answers with itself."""

    def __init__(self):
        self.asked = []

    def sql(self, statement):
        self.asked.append(statement)
        return self

    def localCheckpoint(self):
        self.asked.append("kept")
        return self

    def createOrReplaceTempView(self, name):
        self.asked.append(name)

    def collect(self):
        return [(1, 2)]


def test_a_table_is_made_of_the_same_text_in_spark_s_words_and_kept():
    session = Session()
    make_tables(
        SparkConnection(session),
        {"twice": "SELECT CAST(n AS DOUBLE) AS n FROM event ORDER BY n LIMIT :most"},
        {"most": 3},
    )
    assert session.asked == ["SELECT CAST(n AS DOUBLE) AS n FROM event ORDER BY n NULLS LAST LIMIT 3", "kept", "twice"]


def test_a_question_is_answered_and_a_setting_of_duckdb_s_is_passed_over():
    session = Session()
    assert SparkConnection(session).execute("SET disabled_optimizers = 'compressed_materialization'") is None
    assert SparkConnection(session).execute("SELECT a, b FROM event").fetchall() == [(1, 2)]
    assert session.asked == ["SELECT a, b FROM event"]


def test_without_spark_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkMissing, match=r"requirements/spark\.txt"), spark():
        pass
