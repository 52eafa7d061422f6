"""What each number does, and which profiles look like a deal line and which like the other senders of many texts."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from crossline.engines.comms.profiles.profiles import SCHEMA, profiles

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


class Phone:
    """Rows of one number, written by hand."""

    def __init__(self, number):
        self.number, self.chance, self.rows = number, Random(number), []

    def row(self, moment, kind, sender, receiver, seconds=""):
        self.rows.append(f"{moment.isoformat()},{kind},{sender},{receiver},{seconds},cell-{moment.hour % 3}")

    def texts(self, day, hour, people):
        start = MONDAY + timedelta(days=day, hours=hour)
        for place, person in enumerate(people):
            self.row(start + timedelta(seconds=5 * place), "sms", self.number, person)

    def rung(self, day, hour, person, *, back=False, seconds=25):
        moment = MONDAY + timedelta(days=day, hours=hour, seconds=self.chance.randrange(900))
        self.row(moment, "voice", person, self.number, seconds)
        if back:
            self.row(moment + timedelta(minutes=10), "voice", self.number, person, seconds)

    def profile(self, tmp_path):
        path = tmp_path / "records.csv"
        path.write_text("\n".join(["start,type,from,to,duration_s,from_cell", *self.rows]) + "\n")
        return next(row for row in profiles([path]).to_pylist() if row["number"] == self.number)


def people(count, first=0):
    return [f"p{number:04}" for number in range(first, first + count)]


def deal_line():
    phone = Phone("line")
    for day in range(20):
        for hour in (11, 18):
            phone.texts(day, hour, people(40))
            for person in phone.chance.sample(people(40), 8):
                phone.rung(day, hour + 0.25, person, back=phone.chance.random() < 0.5)
    return phone


def small_deal_line():
    phone = Phone("small")
    for day in range(15):
        phone.texts(day, 17, people(12))
        for person in phone.chance.sample(people(12), 3):
            phone.rung(day, 17.25, person, back=True)
    return phone


def taxi():
    phone = Phone("taxi")
    for day in range(20):
        for _ in range(60):
            person = f"p{phone.chance.randrange(900):04}"
            hour = phone.chance.uniform(0, 24)
            phone.rung(day, hour, person)
            phone.row(MONDAY + timedelta(days=day, hours=hour, minutes=6), "sms", phone.number, person)
    return phone


def takeaway():
    phone = Phone("takeaway")
    for day in range(60):
        if day % 7 == 4:
            phone.texts(day, 17, people(150))
        for person in phone.chance.sample(people(150), 12):
            phone.rung(day, 19, person, seconds=50)
    return phone


def surgery():
    phone = Phone("surgery")
    for day in range(40):
        if day % 7 < 5:
            phone.texts(day, 9, phone.chance.sample(people(3000), 40))
            for person in phone.chance.sample(people(3000), 15):
                phone.rung(day, phone.chance.uniform(9, 16), person, seconds=200)
    return phone


def school():
    phone = Phone("school")
    for day in range(60):
        if day % 7 in (0, 3):
            phone.texts(day, 15, people(200))
        if day % 7 < 5:
            for person in phone.chance.sample(people(200), 6):
                phone.rung(day, 9, person, seconds=120)
    return phone


def church():
    phone = Phone("church")
    for day in range(60):
        if day % 7 == 5:
            phone.texts(day, 10, people(70))
            for person in phone.chance.sample(people(70), 8):
                phone.rung(day, 10.5, person, seconds=300)
    return phone


def group_of_friends():
    phone = Phone("group")
    for day in range(30):
        for hour in (10, 14, 20):
            phone.texts(day, hour, people(11))
            for person in phone.chance.sample(people(11), 4):
                phone.row(MONDAY + timedelta(days=day, hours=hour, minutes=9), "sms", person, phone.number)
        phone.rung(day, 19, "p0003", back=True, seconds=200)
    return phone


def estate_agent():
    phone = Phone("agent")
    for day in range(40):
        if day % 7 < 6:
            phone.texts(day, 10, people(120))
            for place in range(15):
                person = phone.chance.choice(people(120) if place < 6 else people(900, first=200))
                phone.rung(day, phone.chance.uniform(10, 19), person, back=place % 2 == 0, seconds=110)
    return phone


def friend():
    phone = Phone("friend")
    for day in range(40):
        for _ in range(12):
            person = f"p{int(phone.chance.expovariate(0.2)):04}"
            phone.rung(day, phone.chance.uniform(8, 23), person, back=phone.chance.random() < 0.4, seconds=140)
    return phone


@pytest.mark.parametrize("phone", [deal_line(), small_deal_line()], ids=lambda phone: phone.number)
def test_a_deal_line_looks_like_one(tmp_path, phone):
    row = phone.profile(tmp_path)
    assert row["looks_like_deal_line"], row["reasons"]


@pytest.mark.parametrize(
    "phone",
    [taxi(), takeaway(), surgery(), school(), church(), group_of_friends(), estate_agent(), friend()],
    ids=lambda phone: phone.number,
)
def test_others_who_text_and_are_rung_by_many_do_not(tmp_path, phone):
    row = phone.profile(tmp_path)
    assert not row["looks_like_deal_line"], row["reasons"]
    assert any("(-" in reason for reason in row["reasons"])


def test_the_figures_of_a_profile(tmp_path):
    row = deal_line().profile(tmp_path)
    assert (row["texts_out"], row["texts_in"], row["calls_in"]) == (1600, 0, 320)
    assert (row["broadcasts"], row["bursts"], row["broadcast_days"], row["days_active"]) == (40, 40, 20, 20)
    assert row["recipients"] == 40
    assert row["repeat_share"] == pytest.approx(1 - 40 / 1600)
    assert row["answered_share"] == pytest.approx(320 / 1600)
    assert (row["kept_share"], row["answered_by_call"], row["listed_share"]) == (1, 1, 1)
    assert row["contacts"] == row["contacts_out"] == 40
    assert row["short_call_share"] == 1
    assert row["call_back_share"] == pytest.approx(row["calls_out"] / 320)
    assert row["night_share"] == 0
    assert (row["first"], row["last"].date()) == (MONDAY + timedelta(hours=11), (MONDAY + timedelta(days=19)).date())
    assert row["top_cells"].startswith("cell-")


def test_the_points_are_those_of_the_reasons(tmp_path):
    row = surgery().profile(tmp_path)
    assert row["points"] == sum(float(reason.rsplit("(", 1)[1].split(",")[0].rstrip(")")) for reason in row["reasons"])


def test_what_is_kept_of_a_list_who_answers_and_who_is_not_on_it(tmp_path):
    phone = Phone("line")
    phone.texts(0, 11, people(10))
    phone.texts(1, 11, people(10, first=4))  # six of the ten again
    phone.row(MONDAY + timedelta(days=1, hours=11, minutes=5), "sms", "p0004", "line")
    phone.row(MONDAY + timedelta(days=1, hours=11, minutes=6), "voice", "p0004", "line", 20)  # no second answer
    phone.row(MONDAY + timedelta(days=1, hours=11, minutes=7), "voice", "p0005", "line", 20)
    phone.row(MONDAY + timedelta(days=1, hours=13), "voice", "p0006", "line", 20)  # too late for an answer
    phone.row(MONDAY + timedelta(days=1, hours=14), "voice", "p0999", "line", 20)
    row = phone.profile(tmp_path)
    assert row["kept_share"] == pytest.approx(6 / 10)
    assert row["answered_share"] == pytest.approx(2 / 20)
    assert row["answered_by_call"] == pytest.approx(1 / 2)
    assert row["listed_share"] == pytest.approx(4 / 5)


def test_a_line_looks_like_one_though_no_call_has_a_length_and_others_still_do_not(tmp_path):
    for phone, wanted in (
        (deal_line(), True),
        (group_of_friends(), False),
        (estate_agent(), False),
        (takeaway(), False),
    ):
        phone.rows = [",".join([*row.split(",")[:4], "", row.split(",")[5]]) for row in phone.rows]
        row = phone.profile(tmp_path)
        assert row["looks_like_deal_line"] is wanted, row["reasons"]
        assert any("do not say how long" in reason for reason in row["reasons"])


def test_a_line_looks_like_one_though_its_calls_are_long_or_its_phone_is_somebodys_own_as_well(tmp_path):
    slow, own = deal_line(), deal_line()
    slow.rows = [row.replace(",25,", f",{slow.chance.randrange(20, 90)},") for row in slow.rows]
    for day in range(20):
        for friend in people(6, first=500):
            own.rung(day, own.chance.uniform(8, 23), friend, back=True, seconds=400)
    for phone in (slow, own):
        row = phone.profile(tmp_path)
        assert row["looks_like_deal_line"], row["reasons"]
    assert row["short_call_share"] < 0.8 < row["listed_short_share"]


def test_what_those_on_the_list_do_is_told_from_what_friends_and_strangers_do(tmp_path):
    phone = Phone("line")
    for day in range(4):
        phone.texts(day, 11, people(10))
        phone.rung(day, 12, "p0001", seconds=20)
        phone.rung(day, 21, "p0002", seconds=90)
        phone.rung(day, 22, "friend", back=True, seconds=400)
    phone.rung(3, 13, "stranger", seconds=10)
    phone.row(MONDAY + timedelta(days=3, hours=14), "sms", phone.number, "p0001")
    row = phone.profile(tmp_path)
    assert (row["friends"], row["broadcasts_a_day"]) == (1, 1)
    assert row["listed_people_share"] == pytest.approx(
        2 / 3
    )  # the stranger is the third, the friend counts for nothing
    assert (row["listed_short_share"], row["listed_day_share"], row["listed_evening_share"]) == (0.5, 0.5, 0.5)
    assert row["custom_a_day"] == pytest.approx(8 / 10 / 4)
    assert row["texts_apart"] == pytest.approx(1 / 8)


def test_a_number_with_hardly_any_events_has_no_profile(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("start,type,from,to\n2026-03-02T14:10:00Z,sms,a,b\n")
    assert profiles([path]).num_rows == 0
    assert profiles([path]).schema == SCHEMA


def test_only_the_subjects_asked_for(tmp_path):
    phone = deal_line()
    phone.profile(tmp_path)
    assert profiles([tmp_path / "records.csv"], ["line"]).column("number").to_pylist() == ["line"]
