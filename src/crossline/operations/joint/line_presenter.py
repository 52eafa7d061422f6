"""What a line's page of joint work shows: one time line across agencies, who touches it, who leads, harm by area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.engines.priority.facts import Harm
from crossline.lines.in_words import names
from crossline.lines.presenter import HARM_LABELS
from crossline.lines.priorities import facts
from crossline.lines.reemerging import Closed
from crossline.lines.register import Register, RegisterLine
from crossline.lines.rows import LineRow
from crossline.operations.campaigns import Campaign
from crossline.operations.joint.leads import Lead, who_moves
from crossline.operations.joint.line_moments import Moment, Shared, declared, overlapping, speaking
from crossline.operations.joint.moves import LEAD_MOVES, LeadState, RequestState
from crossline.operations.joint.presenter import name_of, short_name_of
from crossline.operations.joint.requests import Standing
from crossline.operations.models import LeadStep
from crossline.records.models import Record
from crossline.records.naming import tidy_brand
from crossline.vocabulary.codes import LineStatus
from crossline.wording import format_phone

_LEAD_SAID: Final[Mapping[LeadState, str]] = {
    LeadState.OFFERED: "{by} offered the lead to {lead}",
    LeadState.ACCEPTED: "{lead} leads",
    LeadState.DECLINED: "{lead} declined the lead",
    LeadState.WITHDRAWN: "{by} took back its offer of the lead to {lead}",
    LeadState.ENDED: "{lead} leads no more",
}


def _order(moment: Moment) -> tuple[date, str, str, str, str]:
    """By day, and within it by all that a row says, so that no order of rows in the store shows."""
    return moment.day, moment.what, moment.agency, moment.detail, moment.href


@dataclass(frozen=True)
class Seen:
    """What the viewer sees of a line beside the register: requests, lead, investigations on its numbers, weeks of action,
    signs of use after a closure, and what those investigations share with others."""

    requests: Sequence[Standing]
    lead: Lead
    investigations: Sequence[Record]
    weeks: Sequence[Campaign]
    closed: Sequence[Closed] = ()
    overlaps: Sequence[Shared] = ()


@dataclass(frozen=True)
class JointLinePage:
    """One line, as agencies work on it together, as far as the viewer may see."""

    viewpoint: Viewpoint
    line: RegisterLine
    register: Register
    seen: Seen

    @property
    def name(self) -> str:
        return tidy_brand(self.line.name)

    @cached_property
    def touching(self) -> list[dict[str, object]]:
        """Every agency that touches the line, and how: runs from, sells in, returned, investigates, asks or is asked, leads."""
        how: dict[str, list[str]] = defaultdict(list)
        for agency in self.line.exporting_agencies:
            how[agency].append("the line is run from its area")
        for agency in self.line.importing_agencies:
            how[agency].append("the line sells in its area")
        for row in self.line.returns:
            how[row.owner].append(f"returned it as {row.ref}")
        for record in self.seen.investigations:
            how[record.owner_id].append(f"investigates: {record.ref}")
        for each in self.seen.requests:
            how[each.request.from_agency_id].append("asked about it")
            how[each.request.to_agency_id].append("was asked about it")
        if self.seen.lead.agency:
            how[self.seen.lead.agency].insert(0, "leads")
        return [
            {"agency": name_of(agency), "how": "; ".join(dict.fromkeys(said))} for agency, said in sorted(how.items())
        ]

    @cached_property
    def moments(self) -> list[dict[str, object]]:
        """Everything with a day, the latest first."""
        found = [*self._returns(), *self._numbers(), *self._requests(), *self._leads(), *self._others()]
        found += [*declared(self.line), *speaking(self.seen.closed), *overlapping(self.seen.overlaps)]
        return [each.row() for each in sorted(found, key=_order, reverse=True)]

    def _returns(self) -> Iterator[Moment]:
        """Each revision of each return; one that changes the status says so, and so a closing is seen."""
        status: dict[tuple[str, str], str] = {}
        rows = [row for row in self.line.rows if row.is_return]
        for row in sorted(rows, key=lambda row: (row.made_at, row.revision)):
            now, before = LineStatus(row.detail["status"]).meaning, status.get((row.owner, row.ref))
            status[row.owner, row.ref] = now
            said = f"returned the line: {now}" if before is None else f"returned it again: {now}"
            if before is not None and before != now:
                said = f"changed its status: {before} to {now}"
            yield Moment(
                row.made_at.date(),
                f"{short_name_of(row.owner)} {said}",
                short_name_of(row.owner),
                f"Return {row.ref}",
                reverse("record", args=[row.record]),
            )

    def _numbers(self) -> Iterator[Moment]:
        for use in self.line.group.numbers:
            number = format_phone(use.number)
            if use.from_date:
                yield Moment(use.from_date, f"Number {number} in use from here", "")
            if use.to_date:
                yield Moment(use.to_date, f"Number {number} last known", "")

    def _requests(self) -> Iterator[Moment]:
        for each in self.seen.requests:
            asker, asked = each.request.from_agency_id, each.request.to_agency_id
            for step in each.moves:
                said = RequestState(step.state).label.lower()
                yield Moment(
                    step.at.date(),
                    f"Request of {short_name_of(asker)} to {short_name_of(asked)}: {said}",
                    short_name_of(step.by_agency),
                    each.request.subject,
                    reverse("joint-request", args=[each.request.id]),
                )

    def _leads(self) -> Iterator[Moment]:
        for step in self.seen.lead.steps:
            by, lead = short_name_of(step.by_agency), short_name_of(step.lead_id)
            yield Moment(step.at.date(), _LEAD_SAID[LeadState(step.state)].format(by=by, lead=lead), by, step.reason)

    def _others(self) -> Iterator[Moment]:
        owners = {record.owner_id for record in self.seen.investigations}
        for record in self.seen.investigations:
            others = sorted(owners - {record.owner_id})
            yield Moment(
                (record.occurred_from or record.made_at).date(),
                f"{short_name_of(record.owner_id)} opened an investigation on its numbers",
                short_name_of(record.owner_id),
                f"{record.ref}: overlaps with {names(others)}" if others else record.ref,
                reverse("record", args=[record.id]),
            )
        touched = {*self.line.exporting_agencies, *self.line.importing_agencies, *self.line.group.owners}
        first, last = self.line.first_seen, self.line.last_seen
        for week in self.seen.weeks:
            if (first and week.last_day < first) or (last and week.first_day > last):
                continue  # the line was not seen then
            if reporting := sorted(touched & set(week.reporting)):
                yield Moment(
                    week.first_day,
                    "Intensification week",
                    "",
                    f"Returned figures: {names(reporting)}",
                    reverse("campaign", args=[week.id]),
                )

    @cached_property
    def harms(self) -> list[dict[str, object]]:
        """Harm by importing area, as that agency's returns grade it: the exporter's to answer for (R-13)."""
        return harms_by_area(self.line, self.register)

    @property
    def exporters(self) -> str:
        return names(self.line.exporting_agencies)

    @property
    def lead(self) -> str:
        """Who leads, in a sentence."""
        held = self.seen.lead.held
        if held is None:
            return "No agency leads on this line."
        return f"{name_of(held.lead_id)} leads on this line."

    @cached_property
    def open_offers(self) -> list[dict[str, object]]:
        """The offers that wait for an answer, and the lead that stands, each with what this viewer can make of it."""
        stands = [*self.seen.lead.offers, *([self.seen.lead.held] if self.seen.lead.held else [])]
        return [
            {
                "id": str(step.id),
                "said": self._said(step),
                "reason": step.reason,
                "moves": [(to.value, _MOVE_WORDS[to]) for to in _moves(step, self.viewpoint.viewer.agency)],
            }
            for step in stands
        ]

    def _said(self, step: LeadStep) -> str:
        words = _LEAD_SAID[LeadState(step.state)]
        return words.format(by=name_of(step.by_agency), lead=name_of(step.lead_id))


_MOVE_WORDS: Final[Mapping[LeadState, str]] = {
    LeadState.ACCEPTED: "Accept the lead",
    LeadState.DECLINED: "Decline the lead",
    LeadState.WITHDRAWN: "Take the offer back",
    LeadState.ENDED: "Lay the lead down",
}


def _moves(step: LeadStep, agency: str) -> list[LeadState]:
    return [to for to in LeadState if to in LEAD_MOVES[LeadState(step.state)] and agency in who_moves(step, to)]


def harms_by_area(line: RegisterLine, register: Register) -> list[dict[str, object]]:
    """For each importing area what its agency's returns grade, 0 to 5, the worst of several; an area that returned nothing
    is there too, as not known."""
    graded: dict[str, dict[str, int]] = defaultdict(dict)
    for each in facts(line, register, None).harm_returns:
        for harm, level in each.levels.items():
            if level is not None:
                graded[each.agency][str(harm)] = max(int(level), graded[each.agency].get(str(harm), 0))
    areas = [agency for agency in line.importing_agencies if agency not in line.exporting_agencies]
    return [
        {
            "agency": short_name_of(agency),
            "refs": [_ref(row) for row in line.returns if row.owner == agency],
            "worst": max(graded[agency].values(), default=None) if agency in graded else None,
            **{name: graded[agency].get(name) if agency in graded else None for name in HARM_LABELS},
        }
        for agency in areas
    ]


def harm_in_words(rows: Sequence[Mapping[str, object]]) -> str | None:
    """The worst of each area in few words: Kent: child exploitation 4, drug harm 5; Sussex: not returned."""
    said = []
    for row in rows:
        levels = {name: row[name] for name in map(str, Harm) if isinstance(row[name], int) and row[name] != 0}
        worst = ", ".join(f"{HARM_LABELS[name].lower()} {level}" for name, level in levels.items())
        returned = "none graded" if row["refs"] else "not returned"
        said.append(f"{row['agency']}: {worst or returned}")
    return "; ".join(said) or None


def _ref(row: LineRow) -> tuple[str, str]:
    return row.ref, reverse("record", args=[row.record])
