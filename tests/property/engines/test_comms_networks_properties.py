"""What must hold of networks and valuations whatever the records: names of numbers and cuts of files change nothing."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.engines.comms.events import open_events
from crossline.engines.comms.networks.line_events import NetworkSettings
from crossline.engines.comms.networks.line_links import LineLink, networks_of
from crossline.engines.comms.networks.line_numbers import LineNumber
from crossline.engines.comms.networks.local_days import Period
from crossline.engines.comms.networks.networks import networks_in
from crossline.engines.comms.networks.roles import RoleSettings
from crossline.engines.comms.networks.shared_customers import overlaps
from crossline.engines.comms.networks.valuation import valuation_in

START = datetime(2026, 3, 20, tzinfo=UTC)  # the clocks change on the 29th
LINES = ("lineA", "lineB")
PHONES = (*LINES, *(f"phone{at}" for at in range(8)))
LOOSE = NetworkSettings(
    least_recipients=3,
    least_customers=1,
    roles=RoleSettings(least_dealings=1, least_days=1, least_line_days=1, listed_from=0.0, draws=20),
)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 14 * 86_400),
        st.sampled_from(["voice", "sms"]),
        st.sampled_from(PHONES),
        st.sampled_from(PHONES),
    ).filter(lambda row: row[2] != row[3] and {row[2], row[3]} & {*LINES, "phone0"}),
    min_size=20,
    max_size=80,
    unique_by=lambda row: row[0] // 10,  # two records within two seconds are one call
)


def answer(batches, names=lambda name: name, zone=UTC):
    """What is found among rows in so many files, with every number put back to its first name."""
    back = {names(name): name for name in PHONES}
    with TemporaryDirectory() as folder:
        paths = []
        for at, rows in enumerate(batches):
            part = Path(folder) / str(at)
            part.mkdir()
            written = [
                f"{(START + timedelta(seconds=when)).astimezone(zone).isoformat()},{kind},{names(one)},{names(two)}"
                for when, kind, one, two in rows
            ]
            (part / "records.csv").write_text("\n".join(["start,type,from,to", *written]) + "\n")
            scope = {"ref": "X", "agency": "kent", "numbers": sorted(names(n) for n in (*LINES, "phone0"))}
            scope |= {"period_from": "2026-03-01", "period_to": "2026-04-30", "expires": "2027-01-01", "purpose": ""}
            (part / "authorisation.json").write_text(json.dumps(scope))
            paths.append(part / "records.csv")
        given_lines = [LineNumber(names(line), line, "") for line in LINES]
        with open_events(paths) as events:
            found = networks_in(events.connection, given_lines, period=Period.WEEK, settings=LOOSE)
            valued = valuation_in(events.connection, given_lines, settings=LOOSE)
    roles = sorted(
        (each.line, each.period, back[found.names[each.other]], each.shares, each.low, each.high, each.counts)
        for each in (*found.whole, *found.roles)
    )
    places = sorted((back[found.names[each.phone]], each.best_place, each.worst_place) for each in found.positions)
    asked = sorted((back[found.names[each.phone]], round(each.bits, 9)) for each in found.next_records)
    lines = [(line.name, line.days, line.events, line.customers, line.network) for line in found.lines]
    links = [(link.left, link.right, round(link.points, 9)) for link in found.links]
    return roles, places, asked, lines, links, dict(found.customers), valued


@settings(deadline=None, max_examples=3)
@given(ROWS, st.randoms(use_true_random=False), st.integers(-11, 13))
def test_other_names_another_order_more_files_and_another_offset_change_nothing(rows, chance, offset):
    """A local day is a day in the United Kingdom whatever offset a file is written with; nothing else knows a clock."""
    rows = [*rows, (15 * 86_400, "voice", LINES[0], "phone1")]  # without a row of a line there is nothing to tell
    first = answer([rows])
    shuffled = [*rows]
    chance.shuffle(shuffled)
    new = [f"other{at}" for at in range(len(PHONES))]
    chance.shuffle(new)
    renamed = dict(zip(PHONES, new, strict=True))
    cut = chance.randrange(1, len(rows))
    parts = [shuffled[:cut], shuffled[cut:]]
    assert answer(parts, names=renamed.__getitem__, zone=timezone(timedelta(hours=offset))) == first


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.integers(0, 6), st.frozensets(st.integers(0, 40), min_size=1), min_size=2), st.integers(2, 7))
def test_an_overlap_is_what_two_lists_share_and_its_interval_holds_its_ratio(lists, cap):
    spread = {each: sum(each in listed for listed in lists.values()) for listed in lists.values() for each in listed}
    for each in overlaps(lists, cap):
        shared = {one for one in lists[each.left] & lists[each.right] if spread[one] <= cap}
        assert each.observed == len(shared) >= 3
        assert each.expected > 0
        assert each.low <= each.log_ratio <= each.high


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(-5, 9)), max_size=20))
def test_a_network_is_joined_by_links_of_more_points_than_nought_and_every_line_is_in_one(drawn):
    links = [LineLink(min(one, two), max(one, two), (), points) for one, two, points in drawn if one != two]
    network = networks_of(8, links)
    assert all(network[first] == first for first in network)
    for line, first in enumerate(network):
        seen, edge = {line}, [line]
        while edge:
            at = edge.pop()
            near = {link.left + link.right - at for link in links if link.points > 0 and at in (link.left, link.right)}
            edge += near - seen
            seen |= near
        assert first in seen
