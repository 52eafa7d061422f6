"""From where lines are run to where they sell: pairs of forces and each force's share, counted from visible returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.lines.register import RegisterLine, register
from crossline.vocabulary.codes import LineStatus

OPEN: Final = frozenset(status for status in LineStatus if not status.is_closed)


@dataclass(frozen=True)
class FlowPair:
    """The lines that run from one force's area to another's; the same area twice for internal lines."""

    exporting: str
    importing: str
    lines: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def is_internal(self) -> bool:
        return self.exporting == self.importing


@dataclass(frozen=True)
class ForceLines:
    """What one force's area has to do with: lines run from it, lines that sell in it, and those that do both."""

    agency: str
    exporting: tuple[str, ...]
    importing: tuple[str, ...]
    internal: tuple[str, ...]


@dataclass(frozen=True)
class Flows:
    """Every pair, the largest first, and every force. `unplaced`: lines whose returns name no exporter or no importer."""

    pairs: Sequence[FlowPair]
    forces: Mapping[str, ForceLines]
    unplaced: tuple[str, ...]

    def top(self, number: int = 10) -> Sequence[FlowPair]:
        """The largest pairs that cross a border."""
        return [pair for pair in self.pairs if not pair.is_internal][:number]


def flows(viewpoint: Viewpoint, *, statuses: Collection[LineStatus] = OPEN) -> Flows:
    """Flows of the visible lines of these statuses; open lines unless others are asked for."""
    return flows_of(line for line in register(viewpoint).lines if line.status in statuses)


def flows_of(lines: Iterable[RegisterLine]) -> Flows:
    """Flows of these lines, which are a selection that a page shows."""
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    exporting: dict[str, set[str]] = defaultdict(set)
    importing: dict[str, set[str]] = defaultdict(set)
    unplaced = set()
    for line in lines:
        for force in line.exporting_agencies:
            exporting[force].add(line.id)
        for force in line.importing_agencies:
            importing[force].add(line.id)
        if not (line.exporting_agencies and line.importing_agencies):
            unplaced.add(line.id)
        for source in line.exporting_agencies:
            for market in line.importing_agencies:
                pairs[source, market].add(line.id)
    ordered = sorted(
        (FlowPair(*ends, tuple(sorted(found))) for ends, found in pairs.items()),
        key=lambda pair: (-pair.count, pair.exporting, pair.importing),
    )
    forces = {
        force: ForceLines(
            force,
            tuple(sorted(exporting[force])),
            tuple(sorted(importing[force])),
            tuple(sorted(pairs.get((force, force), ()))),
        )
        for force in sorted({*exporting, *importing})
    }
    return Flows(ordered, forces, tuple(sorted(unplaced)))
