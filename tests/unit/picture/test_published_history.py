"""The published sizes of the threat: 720, 2,000 numbers on 1,000 brands, 800 to 1,100, 600; no two under one definition."""

from __future__ import annotations

from crossline.picture.history import published_history, published_results


def test_the_history_is_the_published_one() -> None:
    assert [(each.period_start.year, each.measure, each.words) for each in published_history()] == [
        (2017, "lines", "at least 720"),
        (2018, "numbers", "about 2,000"),
        (2018, "lines", "about 1,000"),
        (2019, "lines", "between 800 and 1,100"),
        (2020, "lines", "about 600"),
    ]


def test_no_two_figures_share_a_definition_and_every_one_after_the_first_says_why() -> None:
    history = published_history()
    assert len({each.definition for each in history}) == len(history)
    assert [bool(each.break_reason) for each in history] == [False, True, True, True, True]
    assert "awareness" in history[1].break_reason
    assert "change in reporting" in history[-1].break_reason
    assert all(each.source_url.startswith("http") and each.provenance.startswith("[S]") for each in history)


def test_published_results_keep_their_qualifier_and_source() -> None:
    found = {(each.event, each.metric): each for each in published_results() if each.scope == "England and Wales"}
    closed = found["iw-2024-11", "lines_closed"]
    assert (closed.qualifier, closed.value, closed.publisher) == ("=", "261.0", "NPCC")
    assert found["iw-2024-11", "cash_seized"].qualifier == "~"
    assert len(published_results()) == 179
