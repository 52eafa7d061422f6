"""The lines that a figure was counted from, for figures that no filter of the line list can choose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from crossline.access.viewer import Viewpoint
from crossline.lines.activity import ACTIVITY_RULES, signs_of_activity
from crossline.lines.in_words import row_of
from crossline.lines.register import register
from crossline.picture.figures import NATIONAL, Figure, figures
from crossline.picture.presenter import LISTED_HERE, card_of


@dataclass(frozen=True)
class Counted:
    """A figure with its facts and a row for each line in it."""

    figure: Figure
    rows: list[dict[str, object]]

    @property
    def card(self) -> dict[str, object]:
        return card_of(self.figure)

    @property
    def facts(self) -> list[tuple[str, object]]:
        """What the figure is made of."""
        return [
            ("Value", self.card["value"]),
            ("Counted", self.card["parts"] or f"{len(self.rows)} listed below"),
            ("Definition", f"Version {self.figure.version}"),
            ("Read with it", self.figure.note),
        ]


def counted_from(viewpoint: Viewpoint, name: str, period: str) -> Counted | None:
    """The latest figure of a definition, or that of a month (2026-03); None where it is not listed here."""
    if name not in LISTED_HERE:
        return None
    found = [each for each in figures(viewpoint) if (each.id, each.area) == (name, NATIONAL)]
    chosen = max((each for each in found if period in ("", each.period)), key=lambda each: each.period, default=None)
    if chosen is None:
        return None
    wanted = _lines(viewpoint, chosen)
    lines = sorted(
        (line for line in register(viewpoint).lines if line.id in wanted), key=lambda line: (line.name, line.id)
    )
    return Counted(chosen, [row_of(line, None) for line in lines])


def _lines(viewpoint: Viewpoint, figure: Figure) -> Collection[str]:
    """The ids of the lines in a figure, by the rule it was counted by."""
    lines = register(viewpoint).lines
    if figure.id == "lines_potentially_active":
        return signs_of_activity(viewpoint, ACTIVITY_RULES[figure.version]).active(
            date.fromisoformat(f"{figure.period}-01")
        )
    if figure.id == "lines_new":
        return {line.id for line in lines if line.first_seen and f"{line.first_seen:%Y-%m}" == figure.period}
    return {
        line.id
        for line in lines
        if not line.status.is_closed
        and line.exporting_agencies
        and set(line.importing_agencies) - set(line.exporting_agencies)
    }
