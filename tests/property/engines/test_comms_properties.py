"""What must hold of call records and what is made of them, whatever the rows; plain Python is the oracle of the SQL."""

import csv
import io
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.layout import parts_of, write_dataset
from crossline.engines.comms.numbers import id_of, number_of
from crossline.engines.comms.profiles.profiles import ProfileSettings, profiles
from crossline.engines.comms.succession.score import one_to_one, score_pairs
from crossline.engines.comms.succession.successions import ANYBODY, successions

START = datetime(2026, 3, 1, tzinfo=UTC)
NUMBERS = st.sampled_from([f"u{n}" for n in range(9)])
GOOD_ROWS = st.lists(
    st.tuples(
        st.integers(0, 40 * 86_400).map(lambda seconds: (START + timedelta(seconds=seconds)).isoformat()),
        st.sampled_from(["voice", "sms", "mms", "data"]),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["", "0", "12", "95.4"]),
    ),
    max_size=60,
)
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters='\r\n"\x00'), max_size=12)
ANY_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2026-03-02T14:10:00Z", "2026-03-02T14:10:00", "noon", ""]) | ANY_TEXT,
        st.sampled_from(["voice", "SMS", "fax", ""]) | ANY_TEXT,
        st.sampled_from(["u1", "u2", "withheld", ""]) | ANY_TEXT,
        st.sampled_from(["u1", "u3", ""]) | ANY_TEXT,
        ANY_TEXT,
    ),
    max_size=30,
)


def written(folder, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["start", "type", "from", "to", "duration_s"])
    writer.writerows(rows)
    path = Path(folder) / "records.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@settings(deadline=None, max_examples=40)
@given(ANY_ROWS, st.booleans())
@example(
    [("2026-03-02T14:10:00Z", "voice", "u1", "u1", ""), ("2026-03-02T14:10:00Z", "voice", "u1", "u1", "NAN")], False
)
@example([("INF", "voice", "u1", "u1", "")], False)
@example([("2026-03-02T14:10:00Z", "voice", "u1", "u1", "")] * 10 + [("INF", "voice", "u1", "u1", "")], False)
@example([("99999-03-02T14:10:00Z", "voice", "u1", "u1", ""), ("-infinity", "voice", "u1", "u1", "")], False)
def test_every_row_is_accepted_refused_or_a_repeat(rows, authorised):
    scope = (
        Authorisation("x", "kent", frozenset({"u1"}), START, START + timedelta(days=31), START, "")
        if authorised
        else None
    )
    with TemporaryDirectory() as folder:
        report = write_dataset(written(folder, rows), scope, Path(folder) / "dataset")
        held = [row for part in parts_of(Path(folder) / "dataset") for row in pq.read_table(part).to_pylist()]
    assert report.rows == len(rows)
    assert report.rows == report.accepted + sum(report.refused.values()) + report.duplicates
    assert len(report.refused_rows) == min(100, sum(report.refused.values()))
    assert len({row["line"] for row in held}) == report.accepted
    refused_lines = {row.line for row in report.refused_rows}
    assert not refused_lines & {row["line"] for row in held}
    if authorised:
        assert {row["subject"] for row in held} <= {"u1"}


@settings(deadline=None, max_examples=40)
@given(GOOD_ROWS)
def test_profiles_agree_with_plain_python(rows):
    with TemporaryDirectory() as folder:
        table = profiles([written(folder, rows)], settings=ProfileSettings(least_events=1, least_recipients=2))
    assert {row["number"]: _counts(row) for row in table.to_pylist()} == _oracle(rows)


def _counts(row):
    return (
        row["events"],
        row["calls_out"],
        row["calls_in"],
        row["texts_out"],
        row["texts_in"],
        row["contacts"],
        row["days_active"],
        round(row["night_share"] * row["events"]),
        round(row["reciprocity"] * row["contacts"]),
    )


def _oracle(rows):
    seen = defaultdict(list)
    for start, kind, sender, receiver, _ in rows:
        if kind != "data" and sender != receiver:
            moment = datetime.fromisoformat(start)
            seen[sender].append((moment, kind, receiver, True))
            seen[receiver].append((moment, kind, sender, False))
    counts = {}
    for number, events in seen.items():
        calls = [outward for _, kind, _, outward in events if kind == "voice"]
        texts = [outward for _, kind, _, outward in events if kind != "voice"]
        contacts = defaultdict(set)
        for _, _, other, outward in events:
            contacts[other].add(outward)
        counts[number] = (
            len(events),
            sum(calls),
            len(calls) - sum(calls),
            sum(texts),
            len(texts) - sum(texts),
            len(contacts),
            len({moment.date() for moment, *_ in events}),
            sum(moment.hour >= 23 or moment.hour < 6 for moment, *_ in events),
            sum(len(ways) == 2 for ways in contacts.values()),
        )
    return counts


@settings(deadline=None, max_examples=30)
@given(GOOD_ROWS, st.randoms(use_true_random=False))
def test_successions_do_not_depend_on_the_order_of_rows_and_never_fork(rows, chance):
    with TemporaryDirectory() as folder:
        first = successions([written(folder, rows)], settings=ANYBODY)
        chance.shuffle(rows)
        again = successions([written(folder, rows)], settings=ANYBODY)
    assert again.equals(first)
    found = first.to_pylist()
    assert len({row["old_number"] for row in found}) == len({row["new_number"] for row in found}) == len(found)
    for row in found:
        assert ANYBODY.least_score <= row["score"] <= 1
        assert row["shared_contacts"] >= 1
        assert row["old_number"] != row["new_number"]


def town(chance):
    """Records of a few numbers, some of which take over from others; no two rows of one second, so that nothing is a tie."""
    friends = {number: chance.sample(range(14), 6) for number in range(5)}
    moments = chance.sample(range(30 * 86_400), 150)
    rows = []
    for second in moments:
        number = chance.randrange(5)
        own = f"u{number}b" if second > (12 + 3 * number) * 86_400 else f"u{number}a"
        ends = own, f"f{chance.choice(friends[number])}"
        start = (START + timedelta(seconds=second)).isoformat()
        rows.append((start, chance.choice(["voice", "sms"]), *(ends if chance.random() < 0.6 else ends[::-1]), ""))
    return rows


def successions_of(*sets_of_rows, named=lambda number: number):
    """Every succession of these files by its two numbers, as far as it does not name a day; floats to six places."""
    with TemporaryDirectory() as folder:
        paths = []
        for place, rows in enumerate(sets_of_rows):
            (Path(folder) / str(place)).mkdir()
            paths.append(written(Path(folder) / str(place), rows))
        found = successions(paths, settings=replace(ANYBODY, least_score=0.0)).to_pylist()
    return {
        (named(row["old_number"]), named(row["new_number"])): {
            name: round(value, 6) if isinstance(value, float) else value
            for name, value in row.items()
            if name not in {"date", "old_number", "new_number"}
        }
        for row in found
    }


@settings(deadline=None, max_examples=4)
@given(st.integers(0, 10**9), st.integers(-86_400, 86_400))
def test_successions_are_the_same_in_another_time_zone_under_other_names_and_from_several_files(seed, seconds):
    chance = Random(seed)
    rows = town(chance)
    first = successions_of(rows)
    assert first
    later = [((datetime.fromisoformat(start) + timedelta(seconds=seconds)).isoformat(), *more) for start, *more in rows]
    assert successions_of(later) == first
    renamed = [(start, kind, f"x{sender}", f"x{receiver}", more) for start, kind, sender, receiver, more in rows]
    assert successions_of(renamed, named=lambda number: number.removeprefix("x")) == first
    chance.shuffle(rows)
    part = chance.randrange(1, len(rows))
    assert successions_of(rows[:part], rows[part:]) == first


PAIRS = st.lists(
    st.fixed_dictionaries(
        {
            "old": st.integers(2**61, 2**61 + 4),
            "new": st.integers(2**62, 2**62 + 4),
            "shared": st.integers(1, 200),
            "cosine": st.floats(0, 1),
            "known_share": st.floats(0, 1),
            "kept_share": st.floats(0, 1),
            "first_known_share": st.floats(0, 1),
            "rung": st.integers(0, 5),
            "rung_share": st.floats(0, 1),
            "custom": st.floats(0, 1),
            "fell_moment": st.just(0),
            "surged_moment": st.integers(-5 * 86_400, 30 * 86_400),
            "old_rate": st.floats(0.1, 1000),
            "new_rate": st.floats(0.1, 1000),
            "fall_ratio": st.floats(0, 0.25),
            "surge_ratio": st.floats(0, 0.34),
            "fall_silence": st.floats(0, 10_000),
            "surge_silence": st.floats(0, 10_000),
            "handsets_known": st.just(1),
            "same_handset": st.integers(0, 1),
            "hours": st.floats(0, 1),
            "cells": st.none() | st.floats(0, 1),
        }
    ),
    max_size=20,
    unique_by=lambda row: (row["old"], row["new"]),
)


@given(PAIRS)
def test_the_scores_of_one_number_are_shares_of_one_belief(rows):
    scored = score_pairs(rows)
    for end in (0, 1):
        total = defaultdict(float)
        for each in scored:
            total[each.pair[end]] += each.score
        assert all(value <= 1 + 1e-9 for value in total.values())
    chosen = one_to_one(scored, least_score=0.0)
    assert len({each.pair[0] for each in chosen}) == len({each.pair[1] for each in chosen}) == len(chosen)


@given(
    PAIRS,
    st.sampled_from(["known_share", "kept_share", "first_known_share", "rung_share", "custom", "hours"]),
    st.floats(0, 1),
)
def test_more_of_what_speaks_for_a_pair_never_lowers_its_score(rows, term, more):
    for place, row in enumerate(rows):
        raised = [dict(each) for each in rows]
        raised[place][term] = max(row[term], more)
        pair = (row["old"], row["new"])
        before = next(each.score for each in score_pairs(rows) if each.pair == pair)
        after = next(each.score for each in score_pairs(raised) if each.pair == pair)
        assert after >= before - 1e-12


@given(st.text(max_size=20))
def test_a_number_once_read_reads_the_same_again(text):
    number = number_of(text)
    if number is not None:
        assert number_of(number) == number
        assert 0 <= id_of(number) < 2**63
