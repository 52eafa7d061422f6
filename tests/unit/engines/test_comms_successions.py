"""Which number took over from which, on small worlds made by hand."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import sqlglot

from crossline.engines.comms.executor import fill, rendered
from crossline.engines.comms.profiles.profiles import STANDARD_PROFILE
from crossline.engines.comms.profiles.texts import PROFILING
from crossline.engines.comms.succession.score import STANDARD_WEIGHTS, Weights, one_to_one, score_pairs
from crossline.engines.comms.succession.successions import LINES, SCHEMA, VERSION, successions
from crossline.engines.comms.succession.texts import BROADCASTERS, COMPARING
from crossline.engines.comms.succession.turning_texts import TURNING
from crossline.errors import FileUnreadable

START = datetime(2026, 3, 1, tzinfo=UTC)


class Town:
    """Call records as rows of text, written by hand: broadcasts and orders of deal numbers."""

    def __init__(self, seed=1):
        self.chance = Random(seed)
        self.rows = []

    def event(self, day, hour, kind, sender, receiver, imei=""):
        moment = START + timedelta(days=day, hours=hour, seconds=self.chance.randrange(200))
        self.rows.append(f"{moment.isoformat()},{kind},{sender},{receiver},{imei}")

    def trade(self, number, customers, first, last, imei=""):
        """Two broadcasts a day, some orders, some calls back."""
        for day in range(first, last):
            for hour in (11, 17):
                for customer in customers:
                    if self.chance.random() < 0.85:
                        self.event(day, hour, "sms", number, customer, imei)
            for customer in customers:
                if self.chance.random() < 0.3:
                    self.event(day, self.chance.uniform(12, 22), "voice", customer, number)
        return self

    def write(self, tmp_path, name="records.csv"):
        path = tmp_path / name
        rows = sorted(self.rows)
        path.write_text("\n".join(["start,type,from,to,from_imei", *rows]) + "\n")
        return path


def people(first, count):
    return [f"c{number:03}" for number in range(first, first + count)]


def found(path, **more):
    return [(row["old_number"], row["new_number"]) for row in successions([path], **more).to_pylist()]


def test_a_line_that_changes_number_and_keeps_half_its_customers(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(20, 32), 21, 40)
    (row,) = successions([town.write(tmp_path)]).to_pylist()
    assert (row["old_number"], row["new_number"], row["date"]) == ("old1", "new1", date(2026, 3, 22))
    assert row["shared_contacts"] == 20
    assert row["score"] > 0.5
    assert 0.4 < row["kept_share"] < 0.6
    assert 0.55 < row["known_share"] < 0.7
    assert 0 < row["gap_days"] < 2
    assert row["same_handset"] is None
    assert row["method"] == VERSION


def test_the_reasons_add_up_to_the_score(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(20, 32), 21, 40)
    (row,) = successions([town.write(tmp_path)]).to_pylist()
    place = next(at for at, reason in enumerate(row["reasons"]) if reason.startswith("together"))
    *_, last = row["reasons"]
    for reasons, total, base in (
        (row["reasons"][:place], row["reasons"][place].removeprefix("together "), STANDARD_WEIGHTS.base),
        (row["reasons"][place + 1 : -1], last.removeprefix("given up: "), STANDARD_WEIGHTS.given_up_base),
    ):
        points = sum(float(reason.rsplit("(", 1)[1].rstrip(")")) for reason in reasons)
        assert reasons
        assert abs(points + base - float(total.split()[0])) < 0.1  # each is rounded as it is shown
    same, given_up, _ = (float(part.rstrip("%")) / 100 for part in last.split(";")[1].split() if part[-1] == "%")
    assert abs(same * given_up - row["score"]) < 0.02


def test_the_same_handset_speaks_for_a_succession_and_is_shown(tmp_path):
    scores = []
    for imei in ("009900112233445", "005500112233445"):
        town = Town().trade("old1", people(0, 40), 0, 20, "009900112233445").trade("new1", people(30, 30), 21, 40, imei)
        (row,) = successions([town.write(tmp_path)], settings=replace(LINES, least_score=0.0)).to_pylist()
        scores.append((row["same_handset"], row["score"]))
    assert [same for same, _ in scores] == [True, False]
    assert scores[0][1] > scores[1][1]


def test_a_line_that_stops_has_no_successor_in_a_line_with_other_customers(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(100, 40), 21, 40)
    assert found(town.write(tmp_path)) == []


def test_a_line_that_goes_on_was_not_taken_over_by_a_rival_with_its_customers(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 40).trade("new1", people(0, 40), 21, 40)
    assert found(town.write(tmp_path)) == []


def test_a_number_tried_out_before_and_rung_after_is_still_dated_by_its_surge(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(10, 40), 21, 40)
    town.event(14, 12, "voice", "new1", "holder")
    for day in range(20, 28):
        town.event(day, 15, "voice", "c003", "old1")
    (row,) = successions([town.write(tmp_path)]).to_pylist()
    assert (row["old_number"], row["new_number"], row["date"]) == ("old1", "new1", date(2026, 3, 22))


def test_a_recycled_number_is_found_by_its_later_use(tmp_path):
    town = Town().trade("old1", people(0, 40), 10, 40).trade("new1", people(10, 40), 41, 60)
    for day in range(12):
        town.event(day, 15, "sms", "new1", f"friend{day % 4}")
    assert found(town.write(tmp_path)) == [("old1", "new1")]


def test_two_lines_of_one_town_that_change_the_same_day_are_not_crossed(tmp_path):
    town = Town().trade("oldA", people(0, 40), 0, 20).trade("oldB", people(30, 40), 0, 20)
    town.trade("newA", people(5, 35), 21, 40).trade("newB", people(35, 35), 21, 40)
    assert sorted(found(town.write(tmp_path))) == [("oldA", "newA"), ("oldB", "newB")]


def test_a_chain_of_numbers_is_found_link_by_link(tmp_path):
    town = (
        Town().trade("n1", people(0, 40), 0, 15).trade("n2", people(8, 40), 16, 31).trade("n3", people(16, 40), 32, 48)
    )
    assert sorted(found(town.write(tmp_path))) == [("n1", "n2"), ("n2", "n3")]


def test_customers_who_stop_and_start_are_no_successions(tmp_path):
    town = Town().trade("line", people(0, 30), 0, 20).trade("line", people(0, 25) + people(50, 5), 20, 40)
    town.trade("other", people(0, 40), 0, 40)
    assert found(town.write(tmp_path)) == []


def test_only_the_numbers_asked_for_are_compared(tmp_path):
    town = Town().trade("oldA", people(0, 40), 0, 20).trade("newA", people(5, 35), 21, 40)
    town.trade("oldB", people(100, 40), 0, 20).trade("newB", people(105, 35), 21, 40)
    path = town.write(tmp_path)
    assert found(path, subjects=["oldA", "newA"]) == [("oldA", "newA")]
    with pytest.raises(FileUnreadable, match="none of the numbers"):
        found(path, subjects=["withheld"])


def test_two_files_are_one_set_of_records(tmp_path):
    one = Town(1).trade("old1", people(0, 40), 0, 20).write(tmp_path, "one.csv")
    Town(2).trade("new1", people(5, 40), 21, 40).trade("other", people(200, 30), 0, 40).write(tmp_path, "two.csv")
    rows = successions([one, tmp_path / "two.csv"]).to_pylist()
    assert [(row["old_number"], row["new_number"]) for row in rows] == [("old1", "new1")]


def test_the_same_records_give_the_same_table_in_any_order_of_rows(tmp_path):
    town = Town().trade("n1", people(0, 40), 0, 15).trade("n2", people(8, 40), 16, 31)
    first = successions([town.write(tmp_path, "a.csv")])
    path = tmp_path / "b.csv"
    header, *rows = (tmp_path / "a.csv").read_text().splitlines()
    Random(5).shuffle(rows)
    path.write_text("\n".join([header, *rows]) + "\n")
    assert successions([path]).equals(first)


def test_nothing_in_nothing_out(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("start,type,from,to\n")
    assert successions([path]).num_rows == 0
    assert successions([path]).schema == SCHEMA
    with pytest.raises(FileUnreadable, match="no call records were given"):
        successions([])


def pair(old, new, **more):
    row = {
        "old": old,
        "new": new,
        "shared": 20,
        "cosine": 0.5,
        "known_share": 0.6,
        "kept_share": 0.5,
        "first_known_share": 0.6,
        "rung": 0,
        "rung_share": 0.0,
        "custom": 0.5,
        "old_contacts": 40,
        "new_contacts": 30,
        "fell_moment": 0,
        "surged_moment": 86_400,
        "old_rate": 50.0,
        "new_rate": 50.0,
        "fall_ratio": 0.0,
        "surge_ratio": 0.0,
        "fall_silence": 500.0,
        "surge_silence": 500.0,
        "handsets_known": 0,
        "same_handset": 0,
        "hours": 0.5,
        "cells": None,
    }
    return row | more


def test_rivals_share_one_belief_between_them():
    alone = score_pairs([pair(1, 2)])[0].score
    rivals = score_pairs([pair(1, 2), pair(1, 3)])
    assert sum(each.score for each in rivals) <= 1
    assert all(each.score < alone for each in rivals)
    assert rivals[0].rival_score == pytest.approx(rivals[1].score)


def test_nobody_has_two_successors_or_two_predecessors():
    scored = score_pairs([pair(1, 2, cosine=0.9), pair(1, 3), pair(4, 2), pair(4, 3, cosine=0.9)])
    assert sorted(each.pair for each in one_to_one(scored, least_score=0.0)) == [(1, 2), (4, 3)]


def test_a_score_of_numbers_is_capped_not_overflowing():
    heavy = Weights("test", "test", 1000.0, {"known_share": 1000.0})
    assert score_pairs([pair(1, 2)], heavy)[0].score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "text", "numbers"),
    [
        *(
            (name, text, asdict(LINES) | {"last_subject": 1})
            for name, text in {**TURNING, **COMPARING, "broadcasters": BROADCASTERS}.items()
        ),
        *((name, text, asdict(STANDARD_PROFILE)) for name, text in PROFILING.items()),
    ],
)
def test_every_text_is_of_the_subset_that_spark_takes_too(name, text, numbers):
    spark = rendered(fill(text, numbers), "spark")
    assert ":" not in spark
    assert sqlglot.parse_one(spark, read="spark").find(sqlglot.exp.Select) is not None
    for word in ("QUALIFY", "//", "SEMI JOIN", "EPOCH", "DATE_TRUNC"):
        assert word not in spark.upper(), f"{name} leaves the subset"


def test_only_numbers_are_filled_into_a_text():
    assert fill("SELECT :days + :days_more", {"days": 1, "days_more": 2.5}) == "SELECT 1 + 2.5"
    with pytest.raises(TypeError, match="no number"):
        fill("SELECT :days", {"days": "1; DROP TABLE event"})


def test_a_change_is_seen_on_the_day_after(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(10, 40), 20, 21)
    town.trade("other", people(100, 40), 0, 21)
    assert found(town.write(tmp_path)) == [("old1", "new1")]


def test_a_change_is_seen_six_hours_after_the_first_broadcast(tmp_path):
    town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(10, 40), 20, 21)
    town.trade("other", people(100, 40), 0, 21)
    end = (START + timedelta(days=20, hours=17)).isoformat()
    town.rows = [row for row in town.rows if row < end]
    assert found(town.write(tmp_path)) == [("old1", "new1")]


def test_a_person_is_found_by_three_friends_whom_nobody_else_has(tmp_path):
    town = Town().trade("line", people(0, 40), 0, 21)
    for day in range(21):
        for friend in range(3):
            town.event(day, 9 + 4 * friend, "voice", "before" if day < 20 else "after", f"f{friend}")
    pairs = found(town.write(tmp_path), settings=replace(LINES, least_score=0.0))
    assert pairs == [("before", "after")]


def test_a_line_that_goes_on_is_less_likely_to_have_been_followed_than_one_that_is_silent(tmp_path):
    """At the end of the records a day and a half of both is not told from a change that overlaps; silence by day is."""
    scores, kept = [], []
    for last in (22, 20):
        town = Town().trade("old1", people(0, 40), 0, last).trade("new1", people(0, 40), 20, 22)
        town.event(
            22, 2, "voice", "c900", "new1"
        )  # the records end at night, when nothing was to be expected of either
        (row,) = successions([town.write(tmp_path)], settings=replace(LINES, least_score=0.0)).to_pylist()
        scores.append(row["score"])
        kept.append(row["fall_ratio"])
    assert scores[0] < scores[1] - 0.05
    assert kept[0] > 0.5 > 0.2 > kept[1]


def test_whom_both_numbers_ring_unasked_speaks_for_a_succession_and_is_shown(tmp_path):
    scores = []
    for supplier in ("s900", "s901"):
        town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(25, 40), 21, 40)
        for day in range(40):
            town.event(day, 9, "voice", "old1" if day < 20 else "new1", "s900" if day < 20 else supplier)
        (row,) = successions([town.write(tmp_path)], settings=replace(LINES, least_score=0.0)).to_pylist()
        shown = any(reason.startswith("1 of those whom both numbers ring") for reason in row["reasons"])
        scores.append((row["score"], shown))
    assert scores[0][0] > scores[1][0]
    assert [shown for _, shown in scores] == [True, False]


def test_customers_who_order_as_often_as_before_speak_for_a_succession(tmp_path):
    alike = []
    for few in (people(0, 5), people(20, 5)):
        town = Town().trade("old1", people(0, 40), 0, 20).trade("new1", people(0, 40), 21, 40)
        for customers, days in ((people(0, 5), range(20)), (few, range(21, 40))):
            for day in days:
                for customer in customers * 4:
                    town.event(day, 20, "voice", customer, "old1" if day < 20 else "new1")
        (row,) = successions([town.write(tmp_path)], settings=replace(LINES, least_score=0.0)).to_pylist()
        (sentence,) = (reason for reason in row["reasons"] if reason.startswith("who gets in touch"))
        alike.append(float(sentence.split(" by ")[1].split(" of ")[0]))
    assert alike[0] > alike[1] + 0.1
