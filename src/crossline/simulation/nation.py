"""The synthetic nation: one call writes every agency's deliveries, and the truth beside them. Same seed, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crossline.errors import UserError
from crossline.simulation.agency_reports import reports_of
from crossline.simulation.apportion import apportion
from crossline.simulation.authorisations import make_sets
from crossline.simulation.campaign_returns import homicide_rows, reporting_forces, week_rows
from crossline.simulation.chance import stream
from crossline.simulation.communications import CommunicationsTruth, PersonalPhone, write_communications
from crossline.simulation.community import Community
from crossline.simulation.deliveries import STATISTICS, delivery_folder, open_delivery, write_reports, write_table
from crossline.simulation.geography import RAILWAY, population_weights
from crossline.simulation.investigations import Inquiry, line_refs_for, make_inquiries, overlaps_between
from crossline.simulation.line_events import LineEvent, plan_line_events
from crossline.simulation.line_returns import LineReturn, make_line_returns
from crossline.simulation.lines import make_lines, successions
from crossline.simulation.money import money_rows
from crossline.simulation.monthly import into_months
from crossline.simulation.networks import Network, make_networks
from crossline.simulation.parameters import LINE_REPORT_SHARE, SIZES, Deliveries, Scale
from crossline.simulation.people import Person
from crossline.simulation.reports import Desk
from crossline.simulation.truth import Truth
from crossline.simulation.world import AuthorisedSet
from crossline.simulation.written import ForceIds
from crossline.vocabulary.agencies import forces
from crossline.vocabulary.selectors import normalise

__all__ = ["SimulationSummary", "delivery_folder", "simulate"]


@dataclass(frozen=True, slots=True)
class SimulationSummary:
    """What was written."""

    agencies: tuple[str, ...]
    deliveries: int
    reports: int
    line_reports: int
    brands: int
    numbers: int
    investigations: int
    overlaps: int
    call_records: int
    truth_rows: Mapping[str, int]


def simulate(
    *,
    out: Path,
    scale: Scale,
    seed: int,
    progress: Callable[[str], None],
    deliveries: Deliveries = Deliveries.YEARLY,
) -> SimulationSummary:
    """Write `out/deliveries/<agency>-2026-00n/` and `out/truth/*.csv`. `out` must be new or empty."""
    if out.exists() and any(out.iterdir()):
        raise UserError(f"{out} is not empty: give a folder that is new or empty, so that nothing old stays in it.")
    return _Simulation(out, scale, seed, progress, deliveries).run()


class _Simulation:
    """One run: the nation is made first, then each agency writes, then what needs everybody's."""

    def __init__(
        self, out: Path, scale: Scale, seed: int, progress: Callable[[str], None], deliveries: Deliveries
    ) -> None:
        self._out, self._truth_folder = out / "deliveries", out / "truth"
        self._is_monthly = deliveries is Deliveries.MONTHLY
        self._deliveries = out / "yearly" if self._is_monthly else self._out
        self._scale, self._size, self._seed, self._progress = scale, SIZES[scale], seed, progress
        self._agencies = self._size.agencies or tuple(force.id for force in forces())
        self._made: set[Path] = set()

    def run(self) -> SimulationSummary:
        """Everything, in order."""
        ids, seed, size = frozenset(self._agencies), self._seed, self._size
        lines = make_lines(brands=size.brands, force_ids=self._agencies, seed=seed)
        networks = make_networks(lines, seed)
        self._progress(f"{len(networks):,} lines on {sum(len(n.line.periods) for n in networks):,} numbers")
        returns = make_line_returns(networks, ids, seed)
        inquiries = make_inquiries(networks, count=size.investigations, planted=size.overlaps, seed=seed)
        events = plan_line_events(
            networks, total=round(size.reports * LINE_REPORT_SHARE.value), agency_ids=ids, seed=seed
        )
        sets = make_sets(networks, inquiries, cover_all=self._scale is Scale.NATION, seed=seed)
        with Truth(self._truth_folder) as truth:
            reports = self._write_reports(events, networks, truth)
            self._write_tables(networks, returns, inquiries)
            calls = self._write_calls(networks, sets)
            overlaps = self._write_truth(truth, networks, returns, inquiries, calls)
        sent = len(self._made) + self._write_statistics()
        if self._is_monthly:
            sent = into_months(
                self._deliveries, self._out, networks=networks, returns=returns, inquiries=inquiries, seed=seed
            )
        return SimulationSummary(
            agencies=self._agencies,
            deliveries=sent,
            reports=reports,
            line_reports=len(events),
            brands=len(networks),
            numbers=sum(len(network.line.periods) for network in networks),
            investigations=len(inquiries),
            overlaps=overlaps,
            call_records=calls.records,
            truth_rows=dict(truth.counts),
        )

    def _folder(self, agency: str) -> Path:
        """The agency's main delivery, made when first asked for."""
        folder = delivery_folder(self._deliveries, agency)
        if folder not in self._made:
            self._made.add(open_delivery(self._deliveries, agency))
        return folder

    def _write_reports(self, events: Sequence[LineEvent], networks: Sequence[Network], truth: Truth) -> int:
        by_agency: dict[str, list[LineEvent]] = {agency: [] for agency in self._agencies}
        for event in events:
            by_agency[event.agency].append(event)
        ordinary = apportion(self._size.reports - len(events), population_weights(self._agencies))
        communities = self._communities(ordinary, networks)
        written = 0
        for agency in self._agencies:
            own = [communities[agency]] if agency != RAILWAY else list(communities.values())
            ids = ForceIds(agency, stream(self._seed, "ids", agency))
            desk = Desk(agency, ids, truth, tuple(a for a in self._agencies if a != agency))
            found = reports_of(
                desk, events=by_agency[agency], ordinary=ordinary[agency], communities=own, seed=self._seed
            )
            count = write_reports(self._folder(agency), found)
            written += count
            if agency != RAILWAY:
                communities[agency].forget()
            self._progress(f"{agency}: {count:,} reports, {len(by_agency[agency]):,} about lines")
        return written

    def _communities(self, ordinary: Mapping[str, int], networks: Sequence[Network]) -> dict[str, Community]:
        line_people: dict[str, dict[str, Person]] = {}
        for network in networks:
            for person in network.people:
                line_people.setdefault(person.force_id, {})[person.person_id] = person
        territorial = [agency for agency in self._agencies if agency != RAILWAY]
        every = [force.id for force in forces()]
        found = {
            agency: Community(agency, position=every.index(agency), reports=ordinary[agency], seed=self._seed)
            for agency in territorial
        }
        for agency, community in found.items():
            others = [other for name, other in found.items() if name != agency]
            community.beside(others, list(line_people.get(agency, {}).values()))
        return found

    def _write_tables(
        self, networks: Sequence[Network], returns: Sequence[LineReturn], inquiries: Sequence[Inquiry]
    ) -> None:
        money = money_rows(networks, returns, self._seed)
        for agency in self._agencies:
            folder = self._folder(agency)
            write_table(folder, "lines", [one.row for one in returns if one.agency == agency])
            theirs = [inquiry for inquiry in inquiries if inquiry.investigation.agency == agency]
            write_table(folder, "investigations", [i.row(line_refs_for(i, returns)) for i in theirs])
            write_table(folder, "finance", money.get(agency, []))

    def _write_statistics(self) -> int:
        """The figures, in deliveries of their own: at every scale but the smallest all forces of England and Wales send."""
        senders = reporting_forces(self._agencies, all_forces=self._scale is not Scale.TINY)
        homicides = homicide_rows(senders, self._size.homicides_known, self._seed)
        weeks = week_rows(senders)
        for sender, rows in weeks.items():
            folder = open_delivery(self._deliveries, sender, STATISTICS)
            write_table(folder, "returns", rows)
            write_table(folder, "homicides", homicides.get(sender, []))
        return len(weeks)

    def _write_calls(self, networks: Sequence[Network], sets: Sequence[AuthorisedSet]) -> CommunicationsTruth:
        phones = {
            person.person_id: PersonalPhone(person.phones[0].number, person.phones[0].imei, person.phones[0].imsi)
            for network in networks
            for person in (network.holder, *network.runners)
            if person.phones
        }
        return write_communications(
            out_deliveries=self._deliveries,
            lines=[network.line for network in networks],
            sets=sets,
            scale=self._scale,
            seed=self._seed,
            progress=self._progress,
            folder_for=self._folder,
            personal_phones=phones,
        )

    def _write_truth(
        self,
        truth: Truth,
        networks: Sequence[Network],
        returns: Sequence[LineReturn],
        inquiries: Sequence[Inquiry],
        calls: CommunicationsTruth,
    ) -> int:
        truth.write_repeated()
        _write_people(truth, networks, inquiries)
        for network in networks:
            line = network.line
            importers = ";".join(sorted({place.force_id for place in line.markets}))
            truth.row(
                "lines", line.line_id, line.brand, line.exporting_agency, importers, line.opened, line.closed or ""
            )
            for period in line.periods:
                truth.row("line_numbers", line.line_id, period.number, period.start, period.end or "")
        for one in returns:
            truth.row("line_mentions", one.line_id, one.agency, one.line_ref, "line")
        for old, new, day, line_id in successions([network.line for network in networks]):
            truth.row("successions", old, new, day, line_id, "yes" if (old, new) in calls.observed else "no")
        norms = [[normalise(one.scheme, one.written) for one in inquiry.selectors] for inquiry in inquiries]
        between = overlaps_between(inquiries, norms)
        for overlap in (*between, *truth.report_overlaps()):
            truth.row("overlaps", *overlap)
        return len(between)


def _write_people(truth: Truth, networks: Sequence[Network], inquiries: Sequence[Inquiry]) -> None:
    """Mentions of people and lines among the selectors of investigations, keyed as the n-th selector."""
    people = {person.person_id: person for network in networks for person in network.people}
    for inquiry in inquiries:
        agency, ref = inquiry.investigation.agency, inquiry.investigation.ref
        for number, one in enumerate(inquiry.selectors, start=1):
            if one.scheme == "person":
                truth.mention(people[one.person_id], agency, ref, f"s{number}")
            elif one.scheme == "line":
                truth.row("line_mentions", one.line_id, agency, ref, f"s{number}")
