"""The register of lines as a viewer sees it: groups of visible mentions, with status, numbers over time and forces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.engines.lines import LineGroup, group_lines
from crossline.lines.rows import LineRow, Succession, as_link, for_grouping, line_rows, successions
from crossline.records.generation import Kept
from crossline.vocabulary.codes import AssertionType, LineStatus


@dataclass(frozen=True)
class RegisterLine:
    """One line as the viewer's visible rows describe it. `id` is the smallest of its visible mentions."""

    group: LineGroup
    rows: tuple[LineRow, ...]

    @property
    def id(self) -> str:
        return self.group.id

    @property
    def name(self) -> str:
        return self.group.name or "Unnamed line"

    @property
    def returns(self) -> tuple[LineRow, ...]:
        """The latest revision of each agency's return, newest first."""
        latest: dict[tuple[str, str], LineRow] = {}
        for row in sorted(self.rows, key=lambda row: (row.revision, row.made_at)):
            if row.is_return:
                latest[row.owner, row.ref] = row
        return tuple(sorted(latest.values(), key=lambda row: (row.made_at, row.owner, row.ref), reverse=True))

    @property
    def status(self) -> LineStatus:
        """What the newest return says; identified where no agency has returned the line."""
        returns = self.returns
        if not returns:
            return LineStatus.IDENTIFIED
        newest = max(returns, key=lambda row: (str(row.detail.get("last_seen") or ""), row.made_at, row.owner, row.ref))
        return LineStatus(newest.detail["status"])

    @property
    def exporting_agencies(self) -> tuple[str, ...]:
        return self.group.exporting_agencies

    @property
    def importing_agencies(self) -> tuple[str, ...]:
        return tuple(sorted({agency for row in self.returns for agency in row.detail.get("importing_agencies", ())}))

    @property
    def towns(self) -> tuple[str, ...]:
        return tuple(sorted({town for row in self.returns for town in row.detail.get("towns", ())}))

    @property
    def drugs(self) -> tuple[str, ...]:
        return tuple(sorted({drug for row in self.returns for drug in row.detail.get("drugs", ())}))

    @property
    def first_seen(self) -> date | None:
        return self.group.first

    @property
    def last_seen(self) -> date | None:
        return self.group.last

    @property
    def holders(self) -> tuple[UUID, ...]:
        """The mentions of people whom a visible record says control the line."""
        return self._people(AssertionType.CONTROLS)

    @property
    def runners(self) -> tuple[UUID, ...]:
        """The mentions of people whom a visible record says run for the line: often children, and victims first."""
        return self._people(AssertionType.RUNS_FOR)

    def _people(self, type_: AssertionType) -> tuple[UUID, ...]:
        found = {b.mention for row in self.rows for b in row.beside if b.kind == "person" and b.type == type_}
        return tuple(sorted(found))


@dataclass(frozen=True)
class Register:
    """All the lines a viewer sees, and where each visible mention went."""

    lines: Sequence[RegisterLine]
    line_of: Mapping[str, RegisterLine]
    successions: Sequence[Succession]

    def find(self, mention: UUID) -> RegisterLine | None:
        """The line that a visible mention belongs to."""
        return self.line_of.get(str(mention))


def _register(viewpoint: Viewpoint) -> Register:
    rows = {str(row.mention): row for row in line_rows(viewpoint)}
    found = successions(viewpoint)
    groups = group_lines([for_grouping(row) for row in rows.values()], [as_link(link) for link in found])
    lines = [RegisterLine(group, tuple(rows[mention] for mention in group.mention_ids)) for group in groups]
    return Register(lines, {mention: line for line in lines for mention in line.group.mention_ids}, found)


register: Kept[Register] = Kept(_register)
"""The register of a viewpoint, kept while the store stands still."""
