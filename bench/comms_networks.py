"""Networks and valuation on worlds whose truth is known: python bench/comms_networks.py --first-seed 101 --worlds 3

The rough worlds are those of comms_networks_world.py; points and profiles were set on seeds 1 to 4. `--lost .5` loses half of the
rows. `--regions FOLDER:SEED…` measures what `crossline simulate --scale region --seed SEED` wrote, read as one set. `--next`
asks, of worlds in which no own phone is held, whether the phones put forward tell more than others.

B-cubed: of the lines' numbers, those not found alone. ARI: of the lines' numbers by group. AUC: holder contacts that are holders
against runners' phones, one that was not put forward at 0. `listed`: of phones shown in a role, those that only buy.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from comms_networks_world import NetworkWorld, NetworkWorldSettings, network_world

from crossline.engines.comms.events import open_events
from crossline.engines.comms.networks.line_numbers import LineNumber
from crossline.engines.comms.networks.networks import Networks, networks_in
from crossline.engines.comms.networks.role_profiles import Role
from crossline.engines.comms.networks.valuation import Valuation, valuation_in

write = sys.stdout.write


@dataclass
class Tally:
    """Counts over worlds."""

    chains: list[float] = field(default_factory=list)
    chain_precision: list[float] = field(default_factory=list)
    chains_known: list[float] = field(default_factory=list)
    ari_known: list[float] = field(default_factory=list)
    found: list[float] = field(default_factory=list)
    ari: list[float] = field(default_factory=list)
    ari_given: list[float] = field(default_factory=list)
    ari_possible: list[float] = field(default_factory=list)
    links: list[tuple[float, bool]] = field(default_factory=list)
    holders: list[float] = field(default_factory=list)
    runners: list[float] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    leaders: Counter[str] = field(default_factory=Counter)
    sales: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    customers: list[bool] = field(default_factory=list)
    spread: list[float] = field(default_factory=list)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--first-seed", type=int, default=101)
    arguments.add_argument("--worlds", type=int, default=1)
    arguments.add_argument("--lost", type=float, default=0.0)
    arguments.add_argument("--regions", nargs="*", default=[], metavar="FOLDER:SEED")
    arguments.add_argument("--next", action="store_true")
    arguments.add_argument("--values", action="store_true", help="valuation alone")
    given = arguments.parse_args()
    settings = NetworkWorldSettings(lost_rows=given.lost)
    seeds = range(given.first_seed, given.first_seed + given.worlds)
    if given.next:
        for seed in seeds:
            _next(seed, settings)
        return
    if given.worlds:
        tally = Tally()
        for seed in seeds:
            _world(tally, network_world(seed, settings), only_values=given.values)
        report(tally, f"rough, seeds {seeds.start}-{seeds.stop - 1}, {given.lost:.0%} of rows lost")
    for each in given.regions:
        folder, seed = each.rsplit(":", 1)
        report(region(Path(folder), int(seed)), f"region {seed}")


def _world(tally: Tally, world: NetworkWorld, *, only_values: bool) -> None:
    names = world.names
    line_of = {names[number]: line for line in world.lines for number, _, _ in line.numbers}
    given = [LineNumber(names[n], line.name, "") for line in world.lines for n, _, _ in line.numbers]
    with tempfile.TemporaryDirectory() as folder, open_events([world.write(Path(folder))]) as events:
        if only_values:
            _values(tally, valuation_in(events.connection, given), world)
            return
        found = networks_in(events.connection)
        known = networks_in(events.connection, [replace(each, line="") for each in given])
        told = networks_in(events.connection, given)
        valued = valuation_in(events.connection, given)
    truth = {number: line.name for number, line in line_of.items()}
    group = {number: line.group for number, line in line_of.items()}
    chained = {each.number: line.name for line in found.lines for each in line.numbers}
    _partitions(tally, found, truth, group)
    of_known = Tally()
    _partitions(of_known, known, truth, group)
    tally.chains_known += of_known.chains
    tally.ari_known += of_known.ari
    by_line = {line.name: line for line in world.lines}
    network = {line.name: line.network for line in told.lines}
    ordered = sorted(network)
    tally.ari_given.append(ari([by_line[line].group for line in ordered], [network[line] for line in ordered]))
    people = {
        name: {(line.group, each) for each in (line.holder, *line.runners)} for name, line in by_line.items()
    }  # what a group's own lines share
    shared = _components(people)
    tally.ari_possible.append(ari([shared[line] for line in ordered], [network[line] for line in ordered]))
    _links(tally, told, {line.name: line.group for line in world.lines})
    _roles(tally, told, world.roles)
    _leaders(tally, told, world)
    _values(tally, valued, world)
    tally.found.append(sum(number in chained for number in truth) / len(truth))


def _partitions(tally: Tally, found: Networks, truth: dict[str, str], group: dict[str, int]) -> None:
    chained = {each.number: line.name for line in found.lines for each in line.numbers}
    network = {each.number: line.network for line in found.lines for each in line.numbers}
    numbers = sorted(truth)
    precision, recall = b_cubed([truth[n] for n in numbers], [chained.get(n, n) for n in numbers])
    tally.chains.append(2 * precision * recall / (precision + recall))
    tally.chain_precision.append(precision)
    tally.ari.append(ari([group[n] for n in numbers], [network.get(n, n) for n in numbers]))


def _links(tally: Tally, told: Networks, group: dict[str, int]) -> None:
    scored = {(link.left, link.right): link.probability for link in told.links}
    names = [line.name for line in told.lines]
    for left in range(len(names)):
        for right in range(left + 1, len(names)):
            tally.links.append((scored.get((left, right), 0.01), group[names[left]] == group[names[right]]))


def _roles(tally: Tally, told: Networks, truth: dict[str, str]) -> None:
    seen = {told.names[each.other]: each for each in told.whole}
    for name, role in truth.items():
        if role not in ("holder", "runner"):
            continue
        each = seen.get(name)
        score = each.share(Role.HOLDER_CONTACT) - each.share(Role.RUNNER) if each else 0.0
        (tally.holders if role == "holder" else tally.runners).append(score)
    for each in told.whole:
        if each.no_customer_low >= told.settings.roles.listed_from:
            name = told.names[each.other]
            kind = truth.get(name, {"F": "friend", "T": "taxi", "c": "buyer", "x": "other"}.get(name[0], name[0]))
            tally.shown[f"{kind} as {each.role.value}"] += 1


def _leaders(tally: Tally, told: Networks, world: NetworkWorld) -> None:
    by_group: dict[int, set[int]] = defaultdict(set)
    held_holders: dict[int, set[int]] = defaultdict(set)
    for line in world.lines:
        by_group[line.group].add(line.holder)
        if world.names[line.holder] in world.held:
            held_holders[line.group].add(line.holder)
    places = {told.names[each.phone]: each for each in told.positions}
    for group, controller in world.controllers.items():
        if len(by_group[group]) < 2:
            continue
        tally.leaders["with two holders or more"] += 1
        if len(held_holders[group]) < 2:
            continue
        tally.leaders["two holders' records held"] += 1
        position = places.get(world.names[controller])
        tally.leaders["shown"] += position is not None
        tally.leaders["best place in the top 5"] += position is not None and position.best_place <= 5
        tally.leaders["worst place in the top 5"] += position is not None and position.worst_place <= 5


def _values(tally: Tally, valued: Sequence[Valuation], world: NetworkWorld) -> None:
    by_line = {line.name: line for line in world.lines}
    for each in valued:
        if each.sales_a_day is None or each.customers is None or each.confirmed_a_day is None:
            continue
        line = by_line[each.line]
        sold = {(int(moment // 86_400), customer) for moment, customer in line.sales}
        a_day = len(sold) / each.days
        low, high = each.sales_a_day
        tally.sales.append(low <= a_day <= high)
        tally.width.append(high / max(low, 0.1))
        tally.spread.append(100 * (each.customers.high - each.customers.low) / each.customers.value)
        tally.customers.append(each.customers.low <= len(line.customers) <= each.customers.high)


def _next(seed: int, settings: NetworkWorldSettings) -> None:
    """Log loss of the links of lines with no own phone held; with the five put forward; with five others, twice."""
    world = network_world(seed, replace(settings, holders_held=0.0, runners_held=0.0))
    given = [LineNumber(world.names[n], line.name, "") for line in world.lines for n, _, _ in line.numbers]
    group = {line.name: line.group for line in world.lines}

    def loss(more: Iterable[str]) -> tuple[float, Networks]:
        with tempfile.TemporaryDirectory() as folder:
            path = world.write(Path(folder), world.held | set(more))
            with open_events([path]) as events:
                told = networks_in(events.connection, given)
        tally = Tally()
        _links(tally, told, group)
        return log_loss(tally.links), told

    before, told = loss(())
    ranked = [told.names[each.phone] for each in told.next_records]
    after, _ = loss(ranked[:5])
    chance = np.random.default_rng(seed)
    others = [loss(chance.choice(ranked[5:], 5, replace=False).tolist())[0] for _ in range(2)]
    write(
        f"seed {seed}: log loss of links, in bits over all pairs: {before:.2f} before, {after:.2f} with the five put forward, "
        f"{np.mean(others):.2f} with five of the other {len(ranked) - 5}\n  put forward: "
        + ", ".join(world.roles.get(name, name[0]) for name in ranked[:5])
        + "\n"
    )


def region(folder: Path, seed: int) -> Tally:
    """What a simulated region's records show when all sets are read as one."""
    from crossline.simulation.lines import make_lines
    from crossline.simulation.networks import make_networks
    from crossline.simulation.parameters import SIZES, Scale

    size = SIZES[Scale.REGION]
    true = make_networks(make_lines(brands=size.brands, force_ids=size.agencies, seed=seed), seed)
    with open_events(sorted(folder.glob("deliveries/*/comms*/records.csv"))) as events:
        held = {
            n
            for (n,) in events.connection.execute(
                "SELECT DISTINCT number FROM number JOIN event ON event.subject = number.id"
            ).fetchall()
        }
        found = networks_in(events.connection)
    of_line = {p.number: n for n in true for p in n.line.periods if p.number in held}
    tally = Tally()
    groups = {n.line.line_id: n.group.ref if n.group else n.line.line_id for n in true}
    codes = {ref: at for at, ref in enumerate(sorted(set(groups.values())))}
    truth = {number: network.line.line_id for number, network in of_line.items()}
    _partitions(tally, found, truth, {number: codes[groups[line]] for number, line in truth.items()})
    shared = _components({n.line.line_id: {n.holder.person_id, *(r.person_id for r in n.runners)} for n in true})
    network = {each.number: line.network for line in found.lines for each in line.numbers}
    numbers = sorted(truth)
    tally.ari_possible.append(ari([shared[truth[n]] for n in numbers], [network.get(n, n) for n in numbers]))
    tally.found.append(sum(number in network for number in truth) / max(len(truth), 1))
    roles = {
        p.phones[0].number: role
        for n in true
        for role, people in (("runner", n.runners), ("holder", (n.holder,)))
        for p in people
        if p.phones
    }
    seen = {found.names[each.other] for each in found.whole}
    _roles(tally, found, {number: role for number, role in roles.items() if number in seen})
    return tally


def _components(people: Mapping[str, set[Any]]) -> dict[str, str]:
    """Lines that share anybody, as components."""
    head = {line: line for line in people}

    def root(line: str) -> str:
        return line if head[line] == line else root(head[line])

    for left, right in combinations(sorted(people), 2):
        if people[left] & people[right]:
            head[root(right)] = root(left)
    return {line: root(line) for line in people}


def report(tally: Tally, name: str) -> None:
    """What was counted, a line each."""
    write(f"{name}\n")
    if tally.found:
        _report_networks(tally)
    if tally.sales:
        write(f"  sales in the range {np.mean(tally.sales):.3f} of {len(tally.sales)}, median high/low ")
        write(f"{np.median(tally.width):.1f}; customers in the interval {np.mean(tally.customers):.3f}, ")
        write(f"median width {np.median(tally.spread):.1f} %\n")


def _report_networks(tally: Tally) -> None:
    write(f"  numbers found {np.mean(tally.found):.3f}; chains: B-cubed F1 {np.mean(tally.chains):.3f}, ")
    write(f"precision {np.mean(tally.chain_precision):.3f}; networks: ARI {np.mean(tally.ari):.3f}")
    if tally.ari_known:
        write(
            f"; of numbers known without their lines: F1 {np.mean(tally.chains_known):.3f}, ARI {np.mean(tally.ari_known):.3f}"
        )
        write(f"; networks of lines given: ARI {np.mean(tally.ari_given):.3f}")
    if tally.ari_possible:
        write(f", against lines that share anybody {np.mean(tally.ari_possible):.3f}")
    against = auc(tally.holders, tally.runners)
    write(f"\n  holder against runner AUC {against:.4f} of {len(tally.holders)} and {len(tally.runners)}\n")
    write(f"  shown: {dict(sorted(tally.shown.items()))}\n")
    if tally.links:
        likely = [each for each in tally.links if each[0] > 0.05]
        write(f"  links: log loss {log_loss(tally.links):.2f} bits over {len(tally.links)} pairs, ")
        write(f"calibration error {ece(tally.links):.4f}, of the {len(likely)} above .05 {ece(likely):.3f}\n")
    if tally.leaders:
        write(f"  leaders {dict(tally.leaders)}\n")


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall of a partition, item by item."""
    both = Counter(zip(truth, found, strict=True))
    true, told = Counter(truth), Counter(found)
    pairs = list(zip(truth, found, strict=True))
    precision = sum(both[pair] / told[pair[1]] for pair in pairs) / len(pairs)
    return precision, sum(both[pair] / true[pair[0]] for pair in pairs) / len(pairs)


def ari(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The adjusted Rand index."""

    def twos(counts: Iterable[int]) -> float:
        return sum(count * (count - 1) / 2 for count in counts)

    both, true, told = (Counter(each).values() for each in (zip(truth, found, strict=True), truth, found))
    expected = twos(true) * twos(told) / max(twos([len(truth)]), 1)
    most = (twos(true) + twos(told)) / 2
    return 1.0 if most == expected else (twos(both) - expected) / (most - expected)


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """How often one of the first has more than one of the second; ties count half."""
    if not high or not low:
        return float("nan")
    one, two = np.array(high)[:, None], np.array(low)[None, :]
    return float((one > two).mean() + 0.5 * (one == two).mean())


def log_loss(scored: Sequence[tuple[float, bool]]) -> float:
    """Bits over all pairs."""
    chance = np.clip(np.array([score if right else 1 - score for score, right in scored]), 1e-4, 1)
    return float(-np.log2(chance).sum())


def ece(scored: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins."""
    if not scored:
        return float("nan")
    score, right = np.array([s for s, _ in scored]), np.array([r for _, r in scored], float)
    bins = np.minimum((score * 10).astype(int), 9)
    gaps = [abs(score[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins)]
    return float(sum(gaps) / len(score))


if __name__ == "__main__":
    main()
