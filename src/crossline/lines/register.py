"""The register of lines as a viewer sees it: groups of visible mentions, with status, numbers over time and forces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.lines import GroupingRules, LineGroup, group_lines
from crossline.lines import pairing
from crossline.lines.attaching import Attachment, attach
from crossline.lines.models import ChangeState, LineOrders
from crossline.lines.named_with import without_strange_numbers
from crossline.lines.routes import route_keys
from crossline.lines.rows import Beside, LineRow, Succession, as_link, for_grouping, line_rows, successions
from crossline.lines.standing import Declared, Returned, Standing, standings
from crossline.lines.states import STATUS_OF
from crossline.lines.taking_orders import TakesOrders, declared_orders, takes_orders
from crossline.records.generation import Kept
from crossline.vocabulary.codes import AssertionType, LineStatus, SubjectCategory


@dataclass(frozen=True)
class RegisterLine:
    """One line as the viewer's visible rows describe it: a group by shared keys, with the reports placed by name alone."""

    group: LineGroup
    rows: tuple[LineRow, ...]
    attached: tuple[Attachment, ...] = ()
    first_seen: date | None = None
    last_seen: date | None = None
    standings: tuple[Standing, ...] = ()  # of its returns of which somebody declared something
    said_of_orders: tuple[
        LineOrders, ...
    ] = ()  # what people declared of how it takes orders, the newest of each return

    @property
    def id(self) -> str:
        """The smallest visible mention of the group: any mention leads here (Register.find)."""
        return self.group.id

    @property
    def name(self) -> str:
        return self.group.name or "Unnamed line"

    @property
    def returns(self) -> tuple[LineRow, ...]:
        """The latest revision of each agency's return, newest first."""
        latest: dict[tuple[str, str], LineRow] = {}
        for row in sorted(self.rows, key=lambda row: (row.made_at, row.revision)):
            if row.is_return:
                latest[row.owner, row.ref] = row
        return tuple(sorted(latest.values(), key=lambda row: (row.made_at, row.owner, row.ref), reverse=True))

    @property
    def newest_return(self) -> LineRow | None:
        """The return that has seen the line last; None where no agency has returned it."""
        return max(
            self.returns,
            key=lambda row: (str(row.detail.get("last_seen") or ""), row.made_at, row.owner, row.ref),
            default=None,
        )

    @property
    def said(self) -> LineStatus:
        """What the newest return says; identified where no agency has returned the line."""
        newest = self.newest_return
        return LineStatus(newest.detail["status"]) if newest else LineStatus.IDENTIFIED

    @property
    def declared(self) -> Declared | None:
        """The newest declaration that gives the line a status."""
        rows = [row for each in self.standings if (row := each.gives_status)]
        return max(rows, key=lambda row: (row.at, str(row.id)), default=None)

    @property
    def is_as_declared(self) -> bool:
        """Whether what was declared is as new as the newest return, so that it gives the status."""
        declared, newest = self.declared, self.newest_return
        return declared is not None and (newest is None or declared.at.date() >= newest.made_at.date())

    @property
    def status(self) -> LineStatus:
        """The newest by date of what the newest return says and what was declared; on one day, what was declared."""
        declared = self.declared
        return STATUS_OF[declared.state] if declared is not None and self.is_as_declared else self.said

    @property
    def exporting_agencies(self) -> tuple[str, ...]:
        """As the newest returns have it: what a later return corrected no longer counts."""
        named = {str(row.detail.get("exporting_agency") or "") for row in self.returns}
        return tuple(sorted(named - {""}))

    @property
    def importing_agencies(self) -> tuple[str, ...]:
        return tuple(sorted({agency for row in self.returns for agency in row.detail.get("importing_agencies", ())}))

    @cached_property
    def orders(self) -> TakesOrders:
        """How it takes orders: as declared of one of its returns, else as the newest returns and the reports show."""
        own = {(row.owner, row.ref) for row in self.returns}
        rows = [*self.returns, *(row for row in self.rows if not row.is_return)]
        return takes_orders(rows, [each for each in self.said_of_orders if (each.owner_id, each.line_ref) in own])

    @property
    def towns(self) -> tuple[str, ...]:
        return tuple(sorted({town for row in self.returns for town in row.detail.get("towns", ())}))

    @property
    def drugs(self) -> tuple[str, ...]:
        return tuple(sorted({drug for row in self.returns for drug in row.detail.get("drugs", ())}))

    @property
    def holders(self) -> tuple[UUID, ...]:
        """The mentions of people whom a visible record says control the line, and does not call a victim in doing so."""
        return self._people(AssertionType.CONTROLS)

    @property
    def runners(self) -> tuple[UUID, ...]:
        """The mentions of people whom a visible record says run for the line: often children, and victims first."""
        return self._people(AssertionType.RUNS_FOR)

    def _people(self, type_: AssertionType) -> tuple[UUID, ...]:
        beside = [each for row in self.rows for each in row.beside if each.kind == "person" and not each.line_first]
        return tuple(sorted({each.mention for each in beside if each.type == type_ and _may_hold(each, type_)}))


@dataclass(frozen=True)
class Register:
    """All the lines a viewer sees, and where each visible mention went."""

    lines: Sequence[RegisterLine]
    line_of: Mapping[str, RegisterLine]
    changes: Sequence[Succession]  # every visible finding that one number took over from another, whatever became of it

    @property
    def successions(self) -> tuple[Succession, ...]:
        """The changes of number that count: put forward or confirmed. What somebody rejected counts nowhere."""
        return tuple(found for found in self.changes if found.state is not ChangeState.REJECTED)

    @cached_property
    def line_of_number(self) -> Mapping[str, RegisterLine]:
        """The line of each number; of one that is no line's own, the line beside which it is put forward."""
        beside = {use.number: line for line in self.lines for use in line.group.put_forward}
        return {**beside, **self.own_line_of_number}

    @cached_property
    def own_line_of_number(self) -> Mapping[str, RegisterLine]:
        """The line of each number that is returned, named in a report, or confirmed; none of one that is only put forward."""
        return {use.number: line for line in self.lines for use in line.group.numbers}

    @cached_property
    def line_of_return(self) -> Mapping[Returned, RegisterLine]:
        """The line of each return, by its agency and reference."""
        return {(row.owner, row.ref): line for line in self.lines for row in line.returns}

    def find(self, mention: UUID) -> RegisterLine | None:
        """The line that a visible mention belongs to."""
        return self.line_of.get(str(mention))


def _may_hold(beside: Beside, type_: AssertionType) -> bool:
    """A victim is never listed as a holder; a runner may be both, and is shown as a victim first."""
    return type_ is not AssertionType.CONTROLS or beside.category != SubjectCategory.VICTIM


RULES = GroupingRules(exporter_places=0)
"""Name and exporting force alone join nothing: a city runs many lines, and names come again. Routes take their place."""


def _register(viewpoint: Viewpoint) -> Register:
    rows = {str(row.mention): row for row in line_rows(viewpoint)}
    found = successions(viewpoint)
    routes = route_keys(rows.values())
    placed_rows = without_strange_numbers([for_grouping(row, routes[mention]) for mention, row in rows.items()], rows)
    counted = [as_link(link) for link in found if link.state is not ChangeState.REJECTED]
    said = pairing.for_grouping(pairing.verdicts(viewpoint), rows.values())
    groups = group_lines(placed_rows, counted, verdicts=said, rules=RULES)
    forces = {group.id: touched for group in groups if (touched := _returned_forces(group, rows))}
    attached: dict[str, list[Attachment]] = defaultdict(list)
    for placed in attach(groups, forces):
        attached[placed.to].append(placed)
    elsewhere = {placed.group.id for several in attached.values() for placed in several}
    declared, of_orders = standings(viewpoint), declared_orders(viewpoint)
    lines = [
        _line(group, attached[group.id], rows, (declared, of_orders)) for group in groups if group.id not in elsewhere
    ]
    return Register(lines, {str(row.mention): line for line in lines for row in line.rows}, found)


def _returned_forces(group: LineGroup, rows: Mapping[str, LineRow]) -> frozenset[str]:
    """Every force that the group's returns name; empty for a group that no agency has returned."""
    touched: set[str] = set()
    for mention in group.mention_ids:
        row = rows[mention]
        if row.is_return:
            touched |= {row.owner, str(row.detail.get("exporting_agency") or row.owner)}
            touched |= set(row.detail.get("importing_agencies", ()))
    return frozenset(touched)


def _line(
    group: LineGroup,
    attached: Sequence[Attachment],
    rows: Mapping[str, LineRow],
    said: tuple[Mapping[Returned, Standing], Mapping[Returned, LineOrders]],
) -> RegisterLine:
    members = [*group.mention_ids, *(mention for placed in attached for mention in placed.group.mention_ids)]
    firsts = [day for one in (group, *(placed.group for placed in attached)) for day in (one.first, one.last) if day]
    own = tuple(rows[mention] for mention in sorted(members))
    returned = sorted({(row.owner, row.ref) for row in own if row.is_return})
    declared, of_orders = said
    return RegisterLine(
        group,
        own,
        tuple(attached),
        min(firsts, default=None),
        max(firsts, default=None),
        tuple(declared[each] for each in returned if each in declared),
        tuple(of_orders[each] for each in returned if each in of_orders),
    )


register: Kept[Register] = Kept(_register)
"""The register of a viewpoint, kept while the store stands still."""
