"""Networks and valuation straight on small files made by hand: who is in a role, who is only counted, what joins lines."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from math import exp, log, log2

import numpy as np
import pytest
import sqlglot

from crossline.cli import main
from crossline.engines.comms.executor import fill, rendered
from crossline.engines.comms.networks.beyond import HELD, TIES, Tie, connectors, lines_joined
from crossline.engines.comms.networks.line_chains import STAYED
from crossline.engines.comms.networks.line_events import STANDARD_NETWORKS
from crossline.engines.comms.networks.line_links import STANDARD_LINKS, LineLink, link_lines, networks_of
from crossline.engines.comms.networks.line_numbers import ALWAYS, LineNumber, given_numbers
from crossline.engines.comms.networks.local_days import Period, start_of_day
from crossline.engines.comms.networks.networks import networks
from crossline.engines.comms.networks.next_records import next_records
from crossline.engines.comms.networks.positions import positions
from crossline.engines.comms.networks.role_profiles import CONTACT_ROLES, SAFEGUARDING, STANDARD_PROFILES, Role
from crossline.engines.comms.networks.roles import ContactRole, shares_for
from crossline.engines.comms.networks.rows import COLUMNS, VALUATION_COLUMNS, Table, rows_of, valuation_rows
from crossline.engines.comms.networks.shared_customers import overlaps
from crossline.engines.comms.networks.texts import NETWORK_TEXTS
from crossline.engines.comms.networks.valuation import customers_of, valuation
from crossline.engines.comms.networks.valuation_texts import VALUATION_TEXTS
from crossline.errors import FileUnreadable

START = datetime(2026, 6, 1, tzinfo=UTC)  # summer: a local day begins at 23:00 UTC


class Market:
    """Rows of records.csv, and what makes them: a line that broadcasts, is rung, sends a runner and rings its holder."""

    def __init__(self):
        self.rows = []

    def at(self, day, hour, minute, second, kind, sender, receiver):
        moment = START + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
        self.rows.append((moment.isoformat(), kind, sender, receiver))

    def trade(self, line, customers, runner, holder, days=range(8)):
        for day in days:
            for place, customer in enumerate(customers):
                self.at(day, 10, 0, 2 * place, "sms", line, customer)
            for place, customer in enumerate(customers[: 3 + day % 4]):
                self.at(day, 11 + place, 7 * place, 0, "voice", customer, line)
                if place % 2:
                    self.at(day, 11 + place, 7 * place, 40, "sms", line, runner)
                else:
                    self.at(day, 11 + place, 7 * place + 9, 0, "voice", line, customer)
            self.at(day, 19, 30, 0, "voice", line, holder)
            self.at(day, 21, 45, 0, "voice", holder, line)
        return self

    def write(self, folder, held):
        path = folder / "records.csv"
        rows = [",".join(row) for row in sorted(self.rows)]
        path.write_text("\n".join(["start,type,from,to", *rows]) + "\n")
        authorisation = {"ref": "X", "agency": "kent", "numbers": sorted(held), "purpose": "", "expires": "2027-01-01"}
        authorisation |= {"period_from": "2026-05-01", "period_to": "2026-12-31"}
        (folder / "authorisation.json").write_text(json.dumps(authorisation))
        return path


def customers(first, count=12):
    return [f"buyer{first + at}" for at in range(count)]


@pytest.fixture(scope="module")
def three_lines(tmp_path_factory):
    """Two lines with one holder's phone and one runner's, and a third with its own; the first runner's records are held."""
    market = Market()
    market.trade("alpha", customers(0), "rider1", "boss1").trade("bravo", customers(20), "rider1", "boss1")
    market.trade("delta", customers(40), "rider2", "boss2")
    for day in range(8):
        market.at(day, 12, 20, 0, "voice", "rider1", "buyer1")  # rung back by the runner
        market.at(day, 15, 0, 0, "sms", "rider1", "aunt")
    return market.write(tmp_path_factory.mktemp("three"), {"alpha", "bravo", "delta", "rider1"})


LINES = [LineNumber(name, name, "said") for name in ("alpha", "bravo", "delta")]


@pytest.fixture(scope="module")
def found(three_lines):
    return networks([three_lines], LINES, period=Period.WHOLE)


def test_lines_with_a_holder_and_a_runner_in_common_are_one_network_and_a_third_is_its_own(found):
    assert {line.name: found.lines[line.network].name for line in found.lines} == {
        "alpha": "alpha",
        "bravo": "alpha",
        "delta": "delta",
    }
    (link,) = [link for link in found.links if link.points > 0]
    assert {found.names[item.phone] for item in link.evidence if item.phone} == {"boss1", "rider1"}
    assert link.points == pytest.approx(STANDARD_LINKS.base + min(sum(i.points for i in link.evidence), 12.0))


def test_each_phone_is_in_the_role_of_what_it_did(found):
    roles = {(found.lines[each.line].name, found.names[each.other]): each.role for each in found.roles}
    assert roles == {
        ("alpha", "boss1"): Role.HOLDER_CONTACT,
        ("alpha", "rider1"): Role.RUNNER,
        ("bravo", "boss1"): Role.HOLDER_CONTACT,
        ("bravo", "rider1"): Role.RUNNER,
        ("delta", "boss2"): Role.HOLDER_CONTACT,
        ("delta", "rider2"): Role.RUNNER,
    }
    rows = rows_of(found, Table.ROLES)
    numbers = {(row["number"], row["role"]) for row in rows if row["role"] in ("broadcaster", "order-taker")}
    assert ("alpha", "broadcaster") in numbers
    assert ("alpha", "order-taker") in numbers


def test_customers_are_counted_and_stand_by_name_in_no_table(found):
    written = json.dumps({table.value: rows_of(found, table) for table in Table}, default=str)
    assert "buyer" not in written
    assert "aunt" not in written
    counts = [row["count"] for row in rows_of(found, Table.ROLES) if row["role"] == "customer"]
    assert counts == [12, 12, 12]


def test_every_row_of_a_runner_carries_the_safeguarding_sentence_and_no_other_row_does(found):
    rows = rows_of(found, Table.ROLES) + rows_of(found, Table.NEXT)
    runners = [row for row in rows if "runner" in (row.get("roles") or [row.get("role")])]
    assert {row["safeguarding"] for row in runners} == {SAFEGUARDING}
    assert {row["safeguarding"] for row in rows if row not in runners} == {""}


def test_a_runner_has_no_position_and_rows_stand_in_order_of_number(found):
    rows = rows_of(found, Table.POSITIONS)
    assert [(row["network"], row["number"]) for row in rows] == [("alpha", "boss1"), ("delta", "boss2")]


def test_next_records_are_of_phones_not_held_and_of_no_customer(found):
    assert {found.names[each.phone] for each in found.next_records} == {"boss1", "boss2", "rider2"}
    assert all("proportionality" in row and row["proportionality"] for row in rows_of(found, Table.NEXT))


def test_below_the_least_number_of_days_no_role_and_no_figure_is_shown(tmp_path):
    path = Market().trade("alpha", customers(0), "rider1", "boss1", days=range(4)).write(tmp_path, {"alpha"})
    few = networks([path], LINES[:1], period=Period.WHOLE)
    assert few.roles == ()
    (only,) = valuation([path], LINES[:1])
    assert (only.customers, only.sales_a_day) == (None, None)
    assert "too little" in only.explanation


def test_a_count_of_few_customers_is_not_shown(tmp_path):
    path = Market().trade("alpha", customers(0, 9), "rider1", "boss1").write(tmp_path, {"alpha"})
    rows = rows_of(networks([path], LINES[:1], period=Period.WHOLE), Table.MEMBERS)
    assert [row["customers"] for row in rows] == ["fewer than 10"]


def test_every_table_has_the_columns_it_says(found, three_lines):
    for table in Table:
        for row in rows_of(found, table):
            assert set(COLUMNS[table]) == set(row)
    for row in valuation_rows(valuation([three_lines], LINES)):
        assert set(VALUATION_COLUMNS) == set(row)


def test_sales_are_a_range_from_those_rung_back_the_same_day_to_all_that_rang(three_lines):
    alpha, bravo, _ = valuation([three_lines], LINES)
    rang = [3 + day % 4 for day in range(8)]
    assert bravo.incoming_a_day.value == pytest.approx(np.mean(rang))
    assert bravo.confirmed_a_day.value == pytest.approx(np.mean([(each + 1) // 2 for each in rang]))
    # The runner rings one of the others back, at twelve twenty, after that customer rang at seven past twelve.
    assert alpha.confirmed_a_day.value == pytest.approx(np.mean([(each + 1) // 2 + 1 for each in rang]))
    assert alpha.by_runner_only > 0
    low, high = bravo.sales_a_day
    assert low == bravo.confirmed_a_day.low <= bravo.confirmed_a_day.value <= bravo.incoming_a_day.value <= high


def test_a_text_or_a_call_after_local_midnight_confirms_nothing(tmp_path):
    market = Market()
    for day in range(8):
        for place, customer in enumerate(customers(0)):
            market.at(day, 10, 0, 2 * place, "sms", "alpha", customer)
        market.at(day, 12, 0, 0, "voice", "buyer0", "alpha")
        market.at(day, 12, 5, 0, "sms", "alpha", "buyer0")
        market.at(day, 22, 50, 0, "voice", "buyer1", "alpha")
        market.at(day, 23, 5, 0, "voice", "alpha", "buyer1")  # five past midnight by the clock on the wall
    (only,) = valuation([market.write(tmp_path, {"alpha"})], LINES[:1])
    assert only.confirmed_a_day.value == 0
    assert only.incoming_a_day.value == pytest.approx(16 / only.days)


def test_the_same_records_given_twice_change_nothing(three_lines, tmp_path, found):
    copy = tmp_path / "records.csv"
    copy.write_text(three_lines.read_text())
    (tmp_path / "authorisation.json").write_text((three_lines.parent / "authorisation.json").read_text())
    twice = networks([three_lines, copy], LINES, period=Period.WHOLE)
    assert rows_of(twice, Table.ROLES) == rows_of(found, Table.ROLES)
    assert valuation([three_lines, copy], LINES) == valuation([three_lines], LINES)


def test_whoever_broadcasts_reach_is_a_customer_even_if_they_run_as_well(tmp_path):
    listed = [*customers(0), "rider1"]
    path = Market().trade("alpha", listed, "rider1", "boss1").write(tmp_path, {"alpha"})
    told = networks([path], LINES[:1], period=Period.WHOLE)
    assert "rider1" not in json.dumps([rows_of(told, table) for table in Table], default=str)
    assert told.lines[0].customers == 13


def test_numbers_given_without_a_line_are_chained_by_who_stayed(tmp_path):
    market = Market().trade("alpha", customers(0), "rider1", "boss1", days=range(20))
    market.trade("bravo", customers(2), "rider1", "boss1", days=range(21, 40))
    market.trade("delta", customers(40), "rider2", "boss2", days=range(40))
    path = market.write(tmp_path, {"alpha", "bravo", "delta"})
    told = networks([path], [LineNumber(name, "", "said") for name in ("alpha", "bravo", "delta")])
    assert {each.number: line.name for line in told.lines for each in line.numbers} == {
        "alpha": "alpha",
        "bravo": "alpha",
        "delta": "delta",
    }


# --- the parts by hand -----------------------------------------------------------------------------------------------


def test_shares_of_roles_can_be_worked_out_by_hand():
    counts = np.array([4.0, 2.0, 3.0, 1.0, 0.0])
    shares = shares_for(counts[None], np.array([1.0]), np.array([5.0]), STANDARD_PROFILES)[0]
    odds = []
    for role in CONTACT_ROLES:
        said = sum(n * log(p) for n, p in zip(counts, STANDARD_PROFILES.kinds[role], strict=True))
        hit = STANDARD_PROFILES.reached[role]
        odds.append(exp(said + log(hit) + 4 * log(1 - hit) + log(STANDARD_PROFILES.before[role])))
    assert shares.tolist() == pytest.approx([each / sum(odds) for each in odds])


def test_many_dealings_weigh_no_more_than_the_most_that_count():
    some = shares_for(np.array([[10.0, 0, 10, 10, 0]]), np.zeros(1), np.zeros(1), STANDARD_PROFILES)
    many = shares_for(np.array([[1000.0, 0, 1000, 1000, 0]]), np.zeros(1), np.zeros(1), STANDARD_PROFILES)
    assert many.tolist() == [pytest.approx(some[0].tolist())]


def test_customers_in_common_are_held_against_what_the_market_gives():
    lists = {0: frozenset(range(40)), 1: frozenset(range(30, 70)), 2: frozenset(range(60, 100)), 3: frozenset({999})}
    found = {(each.left, each.right): each for each in overlaps(lists, most_lines=3)}
    assert found.keys() == {(0, 1), (1, 2)}
    first = found[0, 1]
    weights = [2.0 if 60 <= each < 100 else 1.0 for each in range(100)]
    assert first.observed == 10
    assert first.expected == pytest.approx(40 * 40 * sum(w * w for w in weights) / sum(weights) ** 2)
    assert first.low < first.log_ratio < first.high


def test_a_customer_of_more_lines_than_the_cap_counts_for_no_pair():
    lists = {line: frozenset({1, 2, 3}) for line in range(4)}
    assert overlaps(lists, most_lines=3) == []
    assert len(overlaps(lists, most_lines=4)) == 6


def test_two_lines_alone_with_half_their_customers_in_common_say_nothing():
    (only,) = overlaps({0: frozenset(range(40)), 1: frozenset(range(20, 60))}, most_lines=5)
    assert only.low < 0


def contact(line, other, role, sure=0.98, *, days=10):
    shares = [(1 - sure) / 3] * 4
    shares[CONTACT_ROLES.index(role)] = sure
    return ContactRole(
        line, 0, other, (5.0,) * 5, 0.0, 10.0, days, tuple(shares), tuple(shares), tuple(shares), 1 - shares[0]
    )


def linked(contacts, **more):
    given = {"overlaps": [], "handsets": {}, "direct": {}, "joined": {}, "lines": 20, "most_lines": 8, "spread": {}}
    return link_lines(contacts=contacts, **(given | more))


def test_a_holder_in_common_joins_and_a_seller_in_common_does_not():
    (held,) = linked([contact(0, 7, Role.HOLDER_CONTACT), contact(1, 7, Role.HOLDER_CONTACT)])
    (sold,) = linked([contact(0, 7, Role.SUPPLIER), contact(1, 7, Role.SUPPLIER)])
    assert held.probability > 0.9
    assert sold.probability < 0.1


def test_a_phone_that_many_lines_know_joins_none():
    contacts = [contact(0, 7, Role.RUNNER), contact(1, 7, Role.RUNNER)]
    assert linked(contacts, spread={7: 9}) == []
    assert len(linked(contacts, spread={7: 8})) == 1


def test_groups_join_only_when_the_best_pair_beats_the_number_of_pairs():
    def link(left, right, points):
        return LineLink(left, right, (), points)

    assert networks_of(4, [link(0, 1, 3.0), link(2, 3, 3.0), link(1, 2, 1.3)]) == [0, 0, 2, 2]  # log 4 is 1.39
    assert networks_of(4, [link(0, 1, 3.0), link(2, 3, 3.0), link(1, 2, 1.4)]) == [0, 0, 0, 0]


def test_a_friend_in_common_of_two_networks_is_named_nowhere_and_of_one_network_is_a_connector():
    contacts = [contact(0, 1, Role.HOLDER_CONTACT), contact(1, 2, Role.HOLDER_CONTACT)]
    ties = [Tie(1, 50, 9), Tie(2, 50, 9)]
    assert connectors(ties, contacts, [0, 1]) == {}
    assert set(connectors(ties, contacts, [0, 0])) == {50}
    joined = lines_joined(ties, contacts, most_lines=8)
    assert (joined[0, 1].middle, joined[0, 1].by_chance) == (
        1,
        1.0,
    )  # every pair of held phones has one: it says nothing
    (link,) = linked(contacts, joined=joined)
    assert link.points == pytest.approx(STANDARD_LINKS.base)


def test_a_leader_who_rings_little_stands_no_lower_than_a_friend_who_rings_often():
    contacts = [contact(0, 1, Role.HOLDER_CONTACT), contact(1, 2, Role.HOLDER_CONTACT)]
    contacts += [contact(0, 3, Role.HOLDER_CONTACT, days=60), contact(1, 4, Role.RUNNER)]
    ties = [Tie(1, 50, 4), Tie(2, 50, 4)]
    found = {each.phone: each for each in positions(contacts, ties, connectors(ties, contacts, [0, 0]), [0, 0])}
    assert set(found) == {1, 2, 3, 50}
    assert found[50].best_place < found[3].best_place
    assert found[50].low < found[50].ties < found[50].high


def test_what_a_phone_would_settle_is_what_is_uncertain_about_its_lines():
    contacts = [contact(0, 7, Role.RUNNER), contact(1, 7, Role.RUNNER), contact(2, 8, Role.HOLDER_CONTACT)]
    links = [LineLink(0, 1, (), 0.0), LineLink(1, 2, (), -20.0)]
    given = {"contacts": contacts, "links": links, "between": {}, "days_about": {7: (0, 24)}, "span": 100}
    first, second = next_records(held={}, **given)
    assert (first.phone, second.phone) == (7, 8)
    assert first.people == pytest.approx(15.0)  # a quarter of the days, half of thirty people
    uncertain = -sum(share * log2(share) for share in contacts[0].shares)
    tells = 0.5 * contacts[0].no_customer  # a runner's phone
    assert first.bits == pytest.approx(tells * (0.5 + 2 * 0.7 * uncertain), abs=1e-6)
    assert [each.phone for each in next_records(held={7: 40}, **given)] == [8]


def test_customers_not_seen_are_estimated_from_those_seen_once_and_twice():
    whole = customers_of(50, 50, 0, 3, days=30)
    assert (whole.value, whole.low, whole.high) == (50, 50, 50)
    part = customers_of(50, 20, 20, 10, days=30)
    assert part.value == pytest.approx(50 + 29 / 30 * 20 * 19 / 22)
    assert part.low == 20
    assert part.high > part.value


def test_points_of_phones_that_stayed_are_for_the_more_and_against_none():
    assert STAYED.nobody < 0 < STAYED.shared < STAYED.most_shared


# --- files and commands ----------------------------------------------------------------------------------------------


def test_a_file_of_numbers_gives_lines_and_days(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("number,line,from,to\n07700 900123,Jack,2026-06-01,2026-06-30\nalpha,Jack,,\n")
    first, second = given_numbers(path)
    assert (first.number, first.line) == ("+447700900123", "Jack")
    assert first.begins == start_of_day(START.date()) == int(START.timestamp()) - 3600
    assert first.ends == int((START + timedelta(days=30)).timestamp()) - 3600
    assert (second.begins, second.ends) == ALWAYS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("line\nJack\n", "holds no rows with the column number"),
        ("number,line\nwithheld,Jack\n", "row 2, column number: 'withheld' names nothing"),
        ("number,line\nalpha,Jack\nbravo,\n", "row 3, column line: is empty and others are not"),
        ("number,line,from\nalpha,Jack,June\n", "row 2, column from: 'June' is no day"),
    ],
)
def test_a_file_of_numbers_that_cannot_be_read_says_where(tmp_path, text, said):
    path = tmp_path / "numbers.csv"
    path.write_text(text)
    with pytest.raises(FileUnreadable, match=said):
        given_numbers(path)


def test_records_without_a_line_are_an_error_that_says_what_to_do(tmp_path, capsys):
    market = Market()
    market.at(0, 9, 0, 0, "voice", "one", "two")
    path = market.write(tmp_path, {"one"})
    for analysis in ("networks", "valuation"):
        assert main(["comms", analysis, str(path)]) == 1
        assert "name the lines' numbers in a file with --numbers" in capsys.readouterr().err
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("number,line\nalpha,Jack\n")
    assert main(["comms", "networks", str(path), "--numbers", str(numbers)]) == 1
    assert "hold nothing of the numbers given" in capsys.readouterr().err


def test_the_commands_write_csv_and_json_with_a_banner(three_lines, tmp_path, capsys):
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("number,line\nalpha,A\nbravo,B\ndelta,D\n")
    assert main(["comms", "networks", str(three_lines), "--numbers", str(numbers), "--format", "json"]) == 0
    told = capsys.readouterr()
    assert "Intelligence lead, not evidence" in told.err
    whole = json.loads(told.out)
    assert whole["banner"].startswith("Intelligence lead, not evidence")
    assert {row["network"] for row in whole["members"]} == {"A", "D"}
    out = tmp_path / "valuation.csv"
    assert main(["comms", "valuation", str(three_lines), "--numbers", str(numbers), "--out", str(out)]) == 0
    assert "No sum of money" in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [row["line"] for row in rows] == ["A", "B", "D"]
    assert list(rows[0]) == list(VALUATION_COLUMNS)


@pytest.mark.parametrize(
    ("name", "text"),
    [*NETWORK_TEXTS.items(), *VALUATION_TEXTS.items(), ("held", HELD), ("ties", TIES)],
)
def test_every_text_is_of_the_subset_that_spark_takes_too(name, text):
    spark = rendered(fill(text, STANDARD_NETWORKS.numbers), "spark")
    assert ":" not in spark
    assert sqlglot.parse_one(spark, read="spark").find(sqlglot.exp.Select) is not None
    for word in ("QUALIFY", " SEMI ", "EPOCH", "//"):
        assert word not in spark.upper(), f"{name} leaves the subset"
