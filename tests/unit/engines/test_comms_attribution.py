"""Attribution straight on small files made by hand: which pairs are made, what is no data, what is shown beside."""

import json
from datetime import UTC, date, datetime, timedelta
from math import log

import pytest
import sqlglot

from crossline.cli import main
from crossline.engines.comms.areas.areas import UNSEEN_VOICES, areas
from crossline.engines.comms.areas.texts import AREAS
from crossline.engines.comms.attribution.attribution import attribution
from crossline.engines.comms.attribution.continuity import SHARING
from crossline.engines.comms.attribution.model import pair_weights, released
from crossline.engines.comms.attribution.pairs import STANDARD_PAIRS
from crossline.engines.comms.attribution.texts import COUNTING, PAIRING, PLACING
from crossline.engines.comms.attribution.wording import Answer
from crossline.engines.comms.cells import STANDARD_REACH, read_cells
from crossline.engines.comms.executor import fill, rendered
from crossline.errors import FileUnreadable

START = datetime(2026, 3, 2, tzinfo=UTC)
# About 1.1 km of latitude a hundredth of a degree. Networks a and b; far1 is some 110 km north.
CELLS = """cell,lat,lon,azimuth,radius_m,name
a-1,51.50,0.00,,1000,
a-2,51.52,0.00,,1000,
b-1,51.503,0.00,,1000,
b-2,51.54,0.00,,1000,
a-far1,52.50,0.00,,1000,
b-far1,52.503,0.00,,1000,
"""


class Phones:
    """Rows of records.csv: each phone only texts nobody in particular."""

    def __init__(self):
        self.rows = []

    def at(self, number, day, hour, cell, minute=0, other="x9", **more):
        moment = START + timedelta(days=day, hours=hour, minutes=minute)
        kind, seconds = more.get("kind", "sms"), more.get("seconds", "")
        row = (moment.isoformat(), kind, number, other, seconds, more.get("imei", ""), more.get("imsi", ""), cell)
        self.rows.append(",".join(map(str, row)))
        return self

    def write(self, tmp_path, cells=CELLS):
        path = tmp_path / "records.csv"
        header = "start,type,from,to,duration_s,from_imei,from_imsi,from_cell"
        path.write_text("\n".join([header, *self.rows]) + "\n")
        (tmp_path / "cells.csv").write_text(cells)
        return path


def found(path, candidates, **more):
    return attribution([path], [path.with_name("cells.csv")], "line", candidates, **more)


def together(phones, days, hours=(9, 12, 15, 18, 21), who="own"):
    for day in days:
        for hour in hours:
            place = 1 if hour < 16 else 2
            phones.at("line", day, hour, f"a-{place}").at(who, day, hour, f"b-{place}", minute=4)
    return phones


def test_the_pair_of_an_hour_is_the_nearest_in_time_whatever_the_place(tmp_path):
    phones = Phones().at("line", 0, 12, "a-1", minute=10).at("line", 0, 12, "a-far1", minute=20)
    phones.at("own", 0, 12, "b-1", minute=13).at("own", 0, 12, "b-far1", minute=21)
    (pair,) = found(phones.write(tmp_path), ["own"]).pairs
    assert (pair["line_time"], pair["time"]) == ("2026-03-02T12:20:00+00:00", "2026-03-02T12:21:00+00:00")
    assert (pair["line_cell"], pair["cell"]) == ("a-far1", "b-far1")
    assert pair["same_network"] is False
    assert pair["metres"] == pytest.approx(333.6, abs=1)
    assert pair["reach"] == 2000
    assert pair["band"] == "within 0.2 of the reach of both cells"


def test_pairs_are_at_most_a_quarter_of_an_hour_apart(tmp_path):
    phones = Phones()
    for day, gap in enumerate((14, 15, 16)):
        phones.at("line", day, 12, "a-1").at("own", day, 12, "b-1", minute=gap)
    pairs = found(phones.write(tmp_path), ["own"]).pairs
    assert [pair["time"][14:16] for pair in pairs] == ["14", "15"]


def test_two_places_too_far_for_the_time_exclude_and_are_counted(tmp_path):
    phones = together(Phones(), range(3)).at("line", 5, 12, "a-1").at("own", 5, 12, "b-far1", minute=5)
    result = found(phones.write(tmp_path), ["own"])
    assert result.findings[0]["pairs_excluding"] == 1
    last = result.pairs[-1]
    assert last["band"] == "too far apart for the time between"
    assert last["weight"] < -2


def test_what_a_pair_weighs_can_be_worked_out_from_its_row(tmp_path):
    result = found(together(Phones(), range(8)).write(tmp_path), ["own"])
    release = released()
    for pair in result.pairs:
        assert pair["weight"] == pytest.approx(log(pair["chance_together"] / pair["chance_apart"]), abs=1e-3)
    # Nobody else is held, so how often a stranger is so near is the release's own share.
    first = result.pairs[0]
    kind, band = ("night", "day", "away").index(first["kind_of_time"]), 2
    assert first["band"] == "within 0.2 of the reach of both cells"
    assert first["chance_apart"] == pytest.approx(release.apart[kind][0][band - 1], abs=1e-4)
    assert first["chance_together"] == pytest.approx(release.together[0][band - 1], abs=1e-4)


def test_same_hands_and_a_stranger_are_told_apart_and_both_stay_in_the_table(tmp_path):
    phones = together(Phones(), range(14), who="own")
    for day in range(14):
        for hour in (9, 12, 15, 18, 21):
            phones.at("other", day, hour, "b-far1", minute=6)
    result = found(phones.write(tmp_path), ["own", "other", "nobody"])
    answers = {row["candidate"]: row["answer"] for row in result.findings}
    assert answers["other"] is Answer.DIFFERENT
    assert answers["nobody"] is Answer.NO_RECORDS
    own = result.findings[0]
    assert own["candidate"] == "own"
    assert own["log10_against_stranger"] > 0
    assert own["searched"] == 3
    assert own["lead_score"] == pytest.approx(own["log10_against_stranger"] - 0.477, abs=0.01)
    assert (own["days"], own["places"]) == (14, 2)
    assert len(own["sentences"]) == 2
    assert [period["moved_with"] for period in result.periods] == ["own"]
    assert "not evidence" in result.banner


def test_no_data_is_told_from_no(tmp_path):
    phones = together(Phones(), range(14))
    for day in range(14):
        phones.at("silent", day, 5, "b-1").at("unplaced", day, 12, "", minute=3).at(
            "elsewhere", day, 12, "b-77", minute=3
        )
    phones.at("rare", 0, 12, "b-1", minute=3)
    result = found(phones.write(tmp_path), ["silent", "unplaced", "elsewhere", "rare"])
    rows = {row["candidate"]: row for row in result.findings}
    assert {name: row["answer"] for name, row in rows.items()} == {
        "silent": Answer.NO_PAIRS,
        "unplaced": Answer.NO_PAIRS,
        "elsewhere": Answer.NO_PAIRS,
        "rare": Answer.TOO_LITTLE,
    }
    assert all(row["log10_against_stranger"] is None for row in rows.values())
    assert (
        rows["unplaced"]["hours_seen"],
        rows["unplaced"]["hours_with_cell"],
        rows["unplaced"]["hours_both_seen"],
    ) == (14, 0, 14)
    assert rows["silent"]["hours_both_seen"] == 0


def test_a_search_takes_every_phone_with_a_cell_and_says_so(tmp_path):
    phones = together(Phones(), range(12)).at("third", 0, 12, "b-1").at("unplaced", 0, 12, "")
    result = found(phones.write(tmp_path), None)
    assert [row["candidate"] for row in result.findings] == ["own", "third"]
    assert result.searched == 2
    assert "2 phones were searched" in result.notes[-1]


def test_only_the_days_that_were_stated_before(tmp_path):
    path = together(Phones(), range(14)).write(tmp_path)
    result = found(path, ["own"], first=date(2026, 3, 4), last=date(2026, 3, 5))
    assert {pair["time"][:10] for pair in result.pairs} == {"2026-03-04", "2026-03-05"}


def test_calls_at_one_time_and_between_the_two_are_shown_and_not_weighed(tmp_path):
    plain = found(together(Phones(), range(12)).write(tmp_path), ["own"]).findings[0]
    phones = together(Phones(), range(12))
    phones.at("line", 3, 12, "a-1", kind="voice", seconds=120).at(
        "own", 3, 12, "b-1", minute=1, kind="voice", seconds=30
    )
    phones.at("own", 4, 12, "b-1", minute=4, other="line")
    busy = found(phones.write(tmp_path), ["own"]).findings[0]
    assert (plain["calls_at_one_time"], plain["calls_and_texts_between"]) == (0, 0)
    assert (busy["calls_at_one_time"], busy["calls_and_texts_between"]) == (1, 1)
    assert busy["log10_against_companion"] == pytest.approx(plain["log10_against_companion"], abs=0.05)


def test_a_shared_handset_is_an_item_of_its_own_with_caveats(tmp_path):
    imei, other_digit = "009900112233445", "009900112233449"
    phones = together(Phones(), range(3)).at("line", 0, 3, "a-1", imei=imei, imsi="001010000000001")
    phones.at("before", 1, 3, "a-1", imei=other_digit, imsi="001010000000002").at("filler", 1, 4, "", imei="0" * 15)
    phones.at("line", 2, 4, "a-1", imei="0" * 15).at("own", 2, 4, "b-1", imei="12345")
    (item,) = found(phones.write(tmp_path), ["own"]).continuity
    assert (item["kind"], item["number"], item["identity"]) == ("handset", "before", "00990011223344")
    assert any("cloned" in caveat for caveat in item["caveats"])
    same_sim = Phones().at("line", 0, 3, "a-1", imsi="001010000000001").at("before", 1, 3, "", imsi="001010000000001")
    (item,) = found(together(same_sim, range(3)).write(tmp_path), ["own"]).continuity
    assert (item["kind"], item["number"]) == ("sim", "before")


def test_cells_are_read_with_their_azimuth_and_refused_in_a_sentence(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("cell,lat,lon,azimuth,radius_m\nn-1,51.5,0,90,1000\nplain,51.5,0,,\n")
    turned, plain = read_cells([path])
    assert turned.lat == pytest.approx(51.5)
    assert turned.lon == pytest.approx(0.4 * 1000 / (111_320 * 0.6225), rel=1e-3)
    assert (turned.network, plain.network, plain.reach) == ("n", "", STANDARD_REACH)
    for text, told in (
        ("cell,lat\nx,1\n", "row 1 lacks the column lon"),
        ("cell,lat,lon\nx,91,0\n", "row 2, column lat"),
        ("cell,lat,lon\n,1,0\n", "row 2, column cell is empty"),
        ("cell,lat,lon\nx,1,0\nx,2,0\n", "stands at two places"),
    ):
        path.write_text(text)
        with pytest.raises(FileUnreadable, match=told):
            read_cells([path])


def test_what_cannot_be_asked_is_told_in_a_sentence(tmp_path):
    path = together(Phones(), range(2)).write(tmp_path)
    with pytest.raises(FileUnreadable, match="no candidate but"):
        found(path, ["line"])
    with pytest.raises(FileUnreadable, match="is at no cell"):
        attribution([path], [path.with_name("cells.csv")], "absent", ["own"])
    with pytest.raises(FileUnreadable, match="cannot be read as a number"):
        found(path, ["withheld"])


def test_the_command_writes_a_row_a_candidate_or_everything_as_json(tmp_path, capsys):
    path = together(Phones(), range(12)).write(tmp_path)
    (tmp_path / "who.txt").write_text("own\n\nnobody\n")
    asked = ["comms", "attribution", str(path), "--line", "line"]
    assert main([*asked, "--candidates-file", str(tmp_path / "who.txt")]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.startswith("line,candidate,answer,log10_against_stranger")
    assert [row.split(",")[1] for row in rows] == ["own", "nobody"]
    assert main([*asked, "--candidates", "own", "--format", "json", "--out", str(tmp_path / "out.json")]) == 0
    held = json.loads((tmp_path / "out.json").read_text())
    assert {"findings", "pairs", "periods", "continuity", "release", "banner", "scale"} <= set(held)
    assert main(["comms", "attribution", str(path), "--line", "line", "--all-held", "--cells", "none.csv"]) == 1


TOWNS = """cell,lat,lon
hastings,50.855,0.573
lewisham,51.4535,-0.018
nowhere,45.0,-30.0
"""


def test_areas_are_shares_with_an_unknown_one(tmp_path):
    phones = Phones()
    for day in range(6):
        phones.at("line", day, 22, "lewisham").at("line", day, 12, "hastings")
        phones.at("own", day, 23, "lewisham")
    for customer in range(9):
        phones.at("line", 1, 13, "hastings", other=f"c{customer}").at(f"c{customer}", 1, 23, "hastings", other="line")
    phones.at("c8", 2, 14, "nowhere", other="line")
    path = phones.write(tmp_path, TOWNS)
    rows = areas([path], [path.with_name("cells.csv")], "line", ["own"])
    forces = {(row["role"], row["area"]): row for row in rows if row["level"] == "force"}
    assert forces["exporting", "metropolitan"]["voices"] == pytest.approx(12.0)  # six nights of two phones
    assert forces["exporting", "metropolitan"]["share"] == pytest.approx(12 / (12 + UNSEEN_VOICES), abs=1e-4)
    assert forces["importing", "sussex"]["voices"] == pytest.approx(9.0)
    assert forces["importing", "unknown"]["share"] == pytest.approx(UNSEEN_VOICES / (9 + UNSEEN_VOICES), abs=1e-4)
    for role in ("exporting", "importing"):
        for level in ("force", "district"):
            assert sum(r["share"] for r in rows if (r["role"], r["level"]) == (role, level)) == pytest.approx(
                1.0, abs=1e-3
            )
    assert main(["comms", "areas", str(path), "--line", "line", "--out", str(tmp_path / "areas.csv")]) == 0
    assert (tmp_path / "areas.csv").read_text().startswith("line,role,level,area,name,share,voices")


@pytest.mark.parametrize(("name", "text"), list({**PLACING, **PAIRING, **COUNTING, **SHARING, **AREAS}.items()))
def test_every_text_is_of_the_subset_that_spark_takes_too(name, text):
    spark = rendered(fill(text, vars(STANDARD_PAIRS)), "spark")
    assert ":" not in spark
    assert sqlglot.parse_one(spark, read="spark").find(sqlglot.exp.Select) is not None
    for word in ("QUALIFY", "//", "SEMI JOIN", "EPOCH", "DATE_TRUNC"):
        assert word not in spark.upper(), f"{name} leaves the subset"


def test_the_weights_of_no_pairs_are_none():
    none = pytest.importorskip("numpy").array([], dtype="int64")
    weight, chance = pair_weights(
        band=none,
        kind=none,
        same_network=none,
        base_hours=none * 1.0,
        base_total=none * 1.0,
        phones=0,
        release=released(),
    )
    assert len(weight) == len(chance) == 0
