"""The communications data of a small invented world, and what must be true of it whatever the seed."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from crossline.simulation.communications import CommunicationsTruth, PersonalPhone, Role, write_communications
from crossline.simulation.communications_parameters import KEPT_SHARE, RECORDS_TARGET
from crossline.simulation.communications_rhythms import Bystander
from crossline.simulation.parameters import Scale
from crossline.simulation.world import AuthorisedSet, Line, NumberPeriod, Place

COLUMNS = ["start", "type", "from", "to", "duration_s", "from_imei", "from_imsi", "from_cell", "to_cell"]
OURS = re.compile(r"^\+447700900\d{3}#9\d{5}$")
SYNTHETIC = re.compile(r"^\+447700900\d{3}#\d{4,}$")

HUBS = (
    Place("Lambeth", 51.46, -0.12, "E09000022", "metropolitan", 318_000),
    Place("Liverpool", 53.41, -2.98, "E08000012", "merseyside", 500_000),
)
TOWNS = (
    Place("Hastings", 50.854, 0.573, "E07000062", "sussex", 91_000),
    Place("Cromer", 52.93, 1.3, "E07000147", "norfolk", 7_600),
    Place("Barnstaple", 51.08, -4.06, "E07000043", "devon-cornwall", 31_000),
)
OPENING = date(2025, 12, 1)

Row = dict[str, str]


def invented_line(index: int, *, towns: tuple[Place, ...] = TOWNS[:1], changes: int = 1) -> Line:
    """A line with `changes` changes of number: forty days each, a gap or an overlap between, lines a week apart."""
    periods, start = [], OPENING + timedelta(days=7 * index)
    for at in range(changes + 1):
        end = None if at == changes else start + timedelta(days=40)
        number = f"+447700900{(37 * index + at) % 1000:03d}#{index * 10 + at:04d}"
        periods.append(NumberPeriod(number, f"00{index:011d}{at}0", f"00101{index:08d}{at:02d}", start, end))
        start += timedelta(days=40 + (3 if at % 2 == 0 else -2))
    opened = periods[0].start
    return Line(
        line_id=f"L{index}",
        brand=f"Brand {index}",
        exporting_agency="metropolitan",
        hub=HUBS[index % len(HUBS)],
        markets=towns,
        opened=opened,
        closed=None,
        periods=tuple(periods),
        holder_id=f"H{index}",
        runner_ids=(f"R{index}a", f"R{index}b"),
        drugs=("crack", "heroin"),
    )


def invented_set(ref: str, lines: list[Line], *, agency: str = "kent", days: int = 120) -> AuthorisedSet:
    """A set that asks for every number of the lines, for `days` days from the opening of the first."""
    first = min(line.opened for line in lines)
    numbers = tuple(period.number for line in lines for period in line.periods)
    last = first + timedelta(days=days - 1)
    return AuthorisedSet(agency, ref, "Operation Test", numbers, first, last, last + timedelta(days=365))


class Written:
    """A delivery as it was written."""

    def __init__(self, folder: Path) -> None:
        with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            self.rows: list[Row] = list(reader)
            self.columns = list(reader.fieldnames or [])
        with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
            self.cells = {row["cell"]: row for row in csv.DictReader(file)}
        self.authorisation = json.loads((folder / "authorisation.json").read_text(encoding="utf-8"))
        self.numbers = set(self.authorisation["numbers"])

    def allowed(self, row: Row) -> bool:
        """Whether the authorisation covers the row."""
        day = row["start"][:10]
        inside = self.authorisation["period_from"] <= day <= self.authorisation["period_to"]
        return inside and bool({row["from"], row["to"]} & self.numbers)

    def contacts(self, number: str) -> set[str]:
        """Everybody who had to do with the number, planted rows aside."""
        rows = [row for row in self.rows if self.allowed(row) and number in (row["from"], row["to"])]
        return {row["to"] if row["from"] == number else row["from"] for row in rows}


def write(out: Path, lines: list[Line], sets: list[AuthorisedSet], **more: object) -> CommunicationsTruth:
    given: dict[str, object] = {"scale": Scale.TINY, "seed": 7, "progress": lambda _: None, **more}
    return write_communications(out_deliveries=out, lines=lines, sets=sets, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[CommunicationsTruth, list[Written]]:
    """Six lines in two sets, as large as `tiny` asks."""
    out = tmp_path_factory.mktemp("tiny")
    lines = [invented_line(index) for index in range(4)]
    truth = write(out, lines, [invented_set("K/1", lines[:2]), invented_set("M 2", lines[1:], agency="metropolitan")])
    return truth, [Written(out / "kent" / "comms-k-1"), Written(out / "metropolitan" / "comms-m-2")]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], CommunicationsTruth, Written]:
    """Eight rival lines in one town at natural rates, each with a change of number, in one set."""
    out = tmp_path_factory.mktemp("town")
    lines = [invented_line(index) for index in range(8)]
    truth = write(out, lines, [invented_set("TOWN", lines)], records_target=230_000)
    return lines, truth, Written(out / "kent" / "comms-town")


def fingerprint(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def test_same_seed_same_bytes_whatever_the_order_given(tmp_path: Path) -> None:
    lines = [invented_line(index) for index in range(3)]
    sets = [invented_set("A", lines[:2]), invented_set("B", lines[2:])]
    first = write(tmp_path / "1", lines, sets)
    again = write(tmp_path / "2", lines[::-1], sets[::-1])
    other = write(tmp_path / "3", lines, sets, seed=8)
    assert first == again
    assert fingerprint(tmp_path / "1") == fingerprint(tmp_path / "2")
    assert fingerprint(tmp_path / "1") != fingerprint(tmp_path / "3")
    assert other.records != 0


def test_two_sets_that_hold_a_number_hold_the_same_rows(tmp_path: Path) -> None:
    lines = [invented_line(index) for index in range(3)]
    shared = lines[1].periods[0].number
    sets = [invented_set("A", lines[:2], days=80), invented_set("B", lines[1:], days=80)]
    write(tmp_path, lines, sets, records_target=40_000)
    left, right = (Written(tmp_path / "kent" / name) for name in ("comms-a", "comms-b"))
    first = max(left.authorisation["period_from"], right.authorisation["period_from"])
    last = min(left.authorisation["period_to"], right.authorisation["period_to"])
    others = (left.numbers | right.numbers) - {shared}  # whose rows come twice where both are authorised

    def held(written: Written) -> list[tuple[str, ...]]:
        rows = [row for row in written.rows if shared in (row["from"], row["to"]) and written.allowed(row)]
        inside = [row for row in rows if first <= row["start"][:10] <= last and not {row["from"], row["to"]} & others]
        return sorted(tuple(row.values()) for row in inside)

    assert len(held(left)) > 1_000
    assert held(left) == held(right)


def test_columns_and_values_keep_the_contract(tiny: tuple[CommunicationsTruth, list[Written]]) -> None:
    for written in tiny[1]:
        assert written.columns == COLUMNS
        assert set(written.authorisation) == {
            *("ref", "agency", "numbers", "period_from", "period_to", "expires", "purpose")
        }
        starts = [row["start"] for row in written.rows]
        assert starts == sorted(starts)
        for row in written.rows:
            assert datetime.fromisoformat(row["start"]).utcoffset() == timedelta(0)
            assert row["type"] in {"voice", "sms"}
            assert row["from"] != row["to"]
            assert (row["duration_s"] == "") == (row["type"] == "sms")
            assert row["duration_s"] == "" or int(row["duration_s"]) >= 0
            assert {row["from_cell"], row["to_cell"]} - {""} <= set(written.cells)


def test_cells_lie_round_the_towns_of_the_lines(tiny: tuple[CommunicationsTruth, list[Written]]) -> None:
    for written in tiny[1]:
        for cell in written.cells.values():
            near = min(
                np.hypot(111 * (float(cell["lat"]) - place.lat), 69 * (float(cell["lon"]) - place.lon))
                for place in (*HUBS, *TOWNS)
            )
            assert near < 30
            assert 0 <= int(cell["azimuth"]) < 360
            assert int(cell["radius_m"]) > 500


def test_numbers_handsets_and_sims_are_synthetic(tiny: tuple[CommunicationsTruth, list[Written]]) -> None:
    given = {period.number for index in range(4) for period in invented_line(index).periods}
    for written in tiny[1]:
        for row in written.rows:
            for number in (row["from"], row["to"]):
                assert SYNTHETIC.match(number)
                assert number in given or OURS.match(number)
            assert (row["from_imei"] == "") == (row["from_imsi"] == "")
            if row["from_imei"]:
                assert row["from"] in written.numbers
                assert re.fullmatch(r"00\d{13}", row["from_imei"])
                assert re.fullmatch(r"00101\d{10}", row["from_imsi"])


def test_authorised_numbers_and_period_cover_all_but_the_planted_rows(
    tiny: tuple[CommunicationsTruth, list[Written]],
) -> None:
    truth, sets = tiny
    outside = [row for written in sets for row in written.rows if not written.allowed(row)]
    assert len(outside) == truth.planted >= 4
    assert truth.records == sum(len(written.rows) for written in sets)
    for written in sets:
        refused = [row for row in written.rows if not written.allowed(row)]
        by_number = [row for row in refused if not {row["from"], row["to"]} & written.numbers]
        assert by_number
        assert len(by_number) < len(refused)


def test_rows_come_within_fifteen_per_cent_of_the_target(tiny: tuple[CommunicationsTruth, list[Written]]) -> None:
    target = RECORDS_TARGET.value[Scale.TINY]
    assert abs(tiny[0].records - target) <= 0.15 * target


@pytest.mark.parametrize("target", [20_000, 120_000, 300_000])
def test_other_targets_are_met_too(tmp_path: Path, target: int) -> None:
    lines = [invented_line(index, towns=TOWNS[index % 2 : index % 2 + 2]) for index in range(8)]
    truth = write(tmp_path, lines, [invented_set("A", lines)], records_target=target)
    assert abs(truth.records - target) <= 0.15 * target
    assert truth.fit is not None
    window = truth.windows["kent", "A"]
    assert window[0] >= OPENING
    assert window[1] <= OPENING + timedelta(days=119)


def test_a_target_out_of_reach_is_missed_in_the_open(tmp_path: Path) -> None:
    lines = [invented_line(0)]
    truth = write(tmp_path, lines, [invented_set("A", lines, days=10)], records_target=10_000_000)
    assert truth.fit is not None
    assert truth.fit.activity == 1.5
    assert truth.fit.list_scale == 2.5
    assert truth.records < 1_000_000


def test_blasts_reach_most_of_the_list_within_minutes(
    town: tuple[list[Line], CommunicationsTruth, Written],
) -> None:
    lines, _, written = town
    sent: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in written.rows:
        if row["type"] == "sms":
            sent[row["from"]].append((datetime.fromisoformat(row["start"]).timestamp(), row["to"]))
    for line in lines:
        number = line.periods[0].number
        times = np.array([time for time, _ in sent[number]])
        within = np.searchsorted(times, times + 300) - np.arange(len(times))
        first = int(within.argmax())
        reached = {whom for _, whom in sent[number][first : first + int(within[first])]}
        assert len(reached) >= 20
        days = {int(time // 86_400) for time, count in zip(times, within, strict=True) if count >= 10}
        assert len(days) >= 25  # of forty: some have no blast that is seen whole within five minutes


def test_orders_are_answered_by_calls_back(town: tuple[list[Line], CommunicationsTruth, Written]) -> None:
    lines, _, written = town
    number = lines[0].periods[0].number
    rows = [row for row in written.rows if written.allowed(row) and OURS.match(row["from"] + "")]
    orders = [row for row in rows if row["to"] == number]
    calls = [row for row in written.rows if row["from"] == number and row["type"] == "voice"]
    assert len(orders) > 200
    back = {(row["to"], row["start"][:10]) for row in calls}
    answered = np.mean([(row["from"], row["start"][:10]) in back for row in orders])
    assert 0.2 < answered < 0.75  # 60 %, of which the runner makes 40 %, plus repeated orders of a day


def test_the_share_of_customers_kept_stays_in_its_band(
    town: tuple[list[Line], CommunicationsTruth, Written],
) -> None:
    lines, truth, written = town
    low, high = KEPT_SHARE.value
    assert len(truth.kept) == len(lines)
    for (old, new), share in truth.kept.items():
        assert low - 0.02 <= share <= high + 0.02
        before, after = written.contacts(old), written.contacts(new)
        seen = len(before & after) / len(before)
        assert seen < share + 0.1  # some had left already, some change their own number


def test_a_successor_shares_more_contacts_than_a_rival(
    town: tuple[list[Line], CommunicationsTruth, Written],
) -> None:
    lines, _, written = town
    contacts = {period.number: written.contacts(period.number) for line in lines for period in line.periods}

    def overlap(left: str, right: str) -> float:
        return len(contacts[left] & contacts[right]) / min(len(contacts[left]), len(contacts[right]))

    true = [overlap(line.periods[0].number, line.periods[1].number) for line in lines]
    rival = [overlap(left.periods[0].number, right.periods[1].number) for left, right in combinations(lines, 2)]
    assert np.mean(true) > np.mean(rival) + 0.1
    assert np.mean(rival) > 0.1  # else refusing rivals would be no test


def test_observed_changes_are_those_with_three_days_on_both_sides(tmp_path: Path) -> None:
    line = invented_line(0)
    pair = (line.periods[0].number, line.periods[1].number)
    whole = invented_set("A", [line])
    assert line.periods[0].end is not None
    early = replace(whole, period_to=line.periods[1].start + timedelta(days=1))
    one_side = replace(whole, numbers=(pair[0],))
    assert write(tmp_path / "1", [line], [whole]).observed == {pair}
    assert write(tmp_path / "2", [line], [early], records_target=50_000).observed == frozenset()
    assert (
        write(tmp_path / "3", [line], [one_side, replace(one_side, ref="B", numbers=pair[1:])]).observed == frozenset()
    )


def test_a_split_and_a_merger_take_customers_along_and_count_as_changes(tmp_path: Path) -> None:
    parent, other, heir = invented_line(0), invented_line(1, changes=0), invented_line(9, changes=0)
    split = replace(
        other,
        opened=parent.periods[1].start,
        split_from=parent.periods[0].number,
        periods=(replace(other.periods[0], start=parent.periods[1].start),),
    )
    closed = heir.opened - timedelta(days=3)
    closing = replace(
        parent,
        closed=closed,
        merged_into=heir.periods[0].number,
        periods=(parent.periods[0], replace(parent.periods[1], end=closed)),
    )
    lines = [closing, split, heir]
    truth = write(tmp_path, lines, [invented_set("A", lines)], records_target=100_000)
    old, new = (period.number for period in closing.periods)
    changes = {(old, new), (old, split.periods[0].number), (new, heir.periods[0].number)}
    assert truth.observed == set(truth.kept) == changes
    written = Written(tmp_path / "kent" / "comms-a")
    for before, after in changes:
        shared = written.contacts(before) & written.contacts(after)
        assert len(shared) > 0.2 * min(len(written.contacts(before)), len(written.contacts(after)))


def test_bystanders_are_in_the_authorisation_and_in_the_truth(
    tiny: tuple[CommunicationsTruth, list[Written]],
) -> None:
    truth, sets = tiny
    for written in sets:
        roles = {truth.roles[number].role for number in written.numbers}
        assert Role.DEAL_LINE in roles
        assert {role.value for role in roles} & {kind.value for kind in Bystander}


def test_school_and_surgery_texts_get_no_answer(tmp_path: Path) -> None:
    lines = [invented_line(index, changes=2) for index in range(30)]
    truth = write(tmp_path, lines, [invented_set("A", lines, days=60)], records_target=300_000)
    written = Written(tmp_path / "kent" / "comms-a")
    kinds = {role.role: number for number, role in truth.roles.items()}
    assert {Role(kind.value) for kind in Bystander} <= set(kinds)
    for role in (Role.SCHOOL, Role.SURGERY):
        texts = [row for row in written.rows if row["type"] == "sms" and written.allowed(row)]
        assert sum(row["from"] == kinds[role] for row in texts) > 100
        assert not any(row["to"] == kinds[role] for row in texts)


def test_a_row_between_two_authorised_numbers_comes_from_both_sides(tmp_path: Path) -> None:
    line = invented_line(0)
    phones = {
        "H0": PersonalPhone("+447700900001#4001", "001234567890121", "001010000000001"),
        "R0a": PersonalPhone("+447700900002#4002", "001234567890139", "001010000000002"),
    }
    asked = invented_set("A", [line])
    asked = replace(asked, numbers=(*asked.numbers, *(phone.number for phone in phones.values())))
    truth = write(tmp_path, [line], [asked], personal_phones=phones, records_target=30_000)
    written = Written(tmp_path / "kent" / "comms-a")
    assert truth.roles["+447700900001#4001"].person_id == "H0"
    assert truth.roles["+447700900002#4002"].role is Role.RUNNER
    runner = [row for row in written.rows if row["from"] == phones["R0a"].number]
    own = [row for row in runner if row["from_imei"]]
    assert {row["from_imei"] for row in own} == {"001234567890139"}
    assert len({row["to"] for row in own}) > 30  # his own friends, and the customers he rings
    between = [row for row in written.rows if {row["from"], row["to"]} <= written.numbers]
    assert truth.duplicated >= 0.3 * len(between) > 20
    seen: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in between:
        seen[row["from"], row["to"]].append(datetime.fromisoformat(row["start"]))
        assert not (row["from_imei"] and row["to_cell"])  # each copy knows its own side only
    close = [b - a for times in seen.values() for a, b in pairwise(times)]
    assert sum(gap <= timedelta(seconds=2) for gap in close) >= 0.9 * truth.duplicated


def test_a_holder_is_found_where_the_deal_phone_is_more_than_a_stranger(tmp_path: Path) -> None:
    line = invented_line(0, changes=0)
    asked = invented_set("A", [line], days=60)
    holder = PersonalPhone("+447700900001#4001", "001234567890121", "001010000000001")
    stranger = "+447700900003#4003"
    asked = replace(asked, numbers=(*asked.numbers, holder.number, stranger))
    write(tmp_path, [line], [asked], personal_phones={"H0": holder}, records_target=20_000)
    written = Written(tmp_path / "kent" / "comms-a")

    def places(number: str) -> dict[str, tuple[float, float]]:
        found = {}
        for row in written.rows:
            cell = row["from_cell"] if row["from"] == number else row["to_cell"] if row["to"] == number else ""
            if cell:
                at = written.cells[cell]
                found[row["start"][:13]] = (float(at["lat"]), float(at["lon"]))
        return found

    deal = places(line.periods[0].number)

    def apart(number: str) -> float:
        theirs = places(number)
        hours = sorted(set(deal) & set(theirs))
        assert len(hours) > 50
        gaps = [111 * np.hypot(deal[h][0] - theirs[h][0], 0.63 * (deal[h][1] - theirs[h][1])) for h in hours]
        return float(np.median(gaps))

    assert apart(holder.number) < 3.0
    assert apart(holder.number) < 0.7 * apart(stranger)


def test_a_number_in_our_own_namespace_is_refused(tmp_path: Path) -> None:
    line = invented_line(0)
    bad = replace(line, periods=(replace(line.periods[0], number="+447700900001#900001"),))
    with pytest.raises(ValueError, match="900001"):
        write(tmp_path, [bad], [invented_set("A", [bad])])


def test_two_sets_never_share_a_folder(tmp_path: Path) -> None:
    lines = [invented_line(0)]
    with pytest.raises(ValueError, match="comms-a-1"):
        write(tmp_path, lines, [invented_set("A 1", lines), invented_set("a/1", lines)])


def test_folders_are_where_the_caller_wants_them(tmp_path: Path) -> None:
    lines = [invented_line(0)]
    write(tmp_path, lines, [invented_set("A", lines)], folder_for=lambda agency: tmp_path / "x" / agency / "D-1")
    assert (tmp_path / "x" / "kent" / "D-1" / "comms-a" / "records.csv").exists()


def test_no_sets_no_files(tmp_path: Path) -> None:
    assert write(tmp_path, [invented_line(0)], []).records == 0
    assert not list(tmp_path.iterdir())
