"""What the pages of missing episodes show, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.lines.in_words import names
from crossline.safeguarding.missing.clocks import RUNNING, Clock, ClockState
from crossline.safeguarding.missing.models import EntryKind, EpisodeEntry, TriggerPlan
from crossline.safeguarding.missing.noting import ASKED
from crossline.safeguarding.missing.rules import rules
from crossline.safeguarding.missing.standing import Standing, disclosures_of, distance_of, of_mentions, plans_of
from crossline.wording import format_date, format_datetime, format_kilometres, plural

CLOCKS: Final[Mapping[str, str]] = {
    "running": "A clock is open, due or breached",
    "breached": "Breached",
    "escalated": "Escalated to the centre",
    "not_known": "Something has to be asked",
    "done_late": "Done late",
}
OURS: Final[Mapping[str, str]] = {"home": "Home is with us", "found": "Found by us"}
YES: Final = "yes"
ABSENT: Final = "Not known"


@dataclass(frozen=True)
class Chosen:
    """Which episodes are listed."""

    clock: str = ""
    out: str = ""
    repeat: str = ""
    ours: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Chosen:
        """From an address; a word that is on no list chooses nothing."""
        clock, out, repeat, ours = (given.get(name, "") for name in ("clock", "out", "repeat", "ours"))
        return cls(
            clock if clock in CLOCKS else "",
            out if out == YES else "",
            repeat if repeat == YES else "",
            ours if ours in OURS else "",
        )

    def holds(self, found: Standing) -> bool:
        """Whether an episode is listed."""
        agency = found.viewpoint.viewer.agency
        own = {"": True, "home": found.episode.home == agency, "found": found.episode.finder == agency}
        return (
            self._clock_holds(found)
            and (not self.out or found.episode.out_of_area is True)
            and (not self.repeat or found.is_repeat)
            and own[self.ours]
        )

    def _clock_holds(self, found: Standing) -> bool:
        states = {clock.state for clock in found.clocks}
        match self.clock:
            case "":
                return True
            case "running":
                return bool(states & RUNNING)
            case "escalated":
                return any(clock.escalated for clock in found.clocks)
            case _:
                return ClockState(self.clock) in states


def episode_row(found: Standing) -> dict[str, object]:
    """An episode in a row of the desk."""
    episode = found.episode
    waiting = [clock for clock in found.clocks if clock.goes_to]
    return {
        "name": found.name,
        "href": reverse("missing-episode", args=[episode.id]),
        "categories": ["victim"] if found.victim else [],
        "since": format_datetime(episode.since, default=ABSENT),
        "since_at": episode.since,
        "returned": format_datetime(found.returned, default="Not back, or not known"),
        "home": names((episode.home,)) or None,
        "found": ", ".join(filter(None, (episode.place, names((episode.finder,))))) or None,
        "area": _area(episode.out_of_area),
        "counts": f"{found.counts[0]} in 90 days, {found.counts[1]} in 12 months",
        **{clock.rule.id: clock_words(clock, found) for clock in found.clocks},
        "goes_to": "; ".join(dict.fromkeys(names(clock.goes_to) for clock in waiting)) or None,
    }


def clock_words(clock: Clock, found: Standing) -> str:
    """How a clock stands, in a few words."""
    late = _span(clock.late_by(found.now))
    match clock.state:
        case ClockState.BREACHED:
            return f"Breached: late by {late}"
        case ClockState.DONE_LATE:
            return f"Done late, by {late}"
        case ClockState.OPEN | ClockState.DUE:
            return f"{clock.state.label}: by {format_datetime(clock.due)}"
        case _:
            return clock.state.label


def _span(seconds: float) -> str:
    hours = int(seconds // 3_600)
    if hours >= 48:
        return plural(hours // 24, "day")
    return plural(hours, "hour") if hours else plural(max(int(seconds // 60), 1), "minute")


def _area(out: bool | None) -> str:
    return {True: "Out of area", False: "In home’s area", None: "Area not known"}[out]


@dataclass(frozen=True)
class EpisodePage:
    """The page of one episode."""

    viewpoint: Viewpoint
    found: Standing

    @property
    def summary(self) -> list[tuple[str, str | None]]:
        """What records and people tell of it."""
        found, episode = self.found, self.found.episode
        rows: list[tuple[str, str | None]] = [
            ("Missing since", format_datetime(episode.since, default=ABSENT)),
            ("Came back", format_datetime(found.returned, default="Not back, or not known: ask the home force")),
            ("Home force", names((episode.home,)) or "Not known: ask who is to see to the interviews"),
            ("Found", ", by ".join(filter(None, (episode.place, names((episode.finder,))))) or None),
            ("In home’s area", _area(episode.out_of_area)),
            ("From home", format_kilometres(distance_of(self.viewpoint, episode), default="A point is not known")),
            ("Age then", str(found.age) if found.age is not None else "Not known: ask; taken for a child until it is"),
            ("Risk", found.risk.label if found.risk else "Not graded: ask"),
            ("Records say of the return interview", episode.interview.label if episode.interview else "Nothing"),
            ("Episodes", f"{found.counts[0]} in 90 days, {found.counts[1]} in 12 months, as far as you see them"),
        ]
        return rows

    @property
    def differs(self) -> str:
        return ", ".join(self.found.episode.differs)

    @property
    def clocks(self) -> list[dict[str, object]]:
        """Each clock with what it asks, where it goes and who says so."""
        return [
            {
                "name": clock.rule.name,
                "what": clock.rule.what,
                "state": clock_words(clock, self.found),
                "due": format_datetime(clock.due, default="–"),
                "done": format_datetime(clock.done, default="–"),
                "ask": " ".join(filter(None, (clock.ask, clock.note))) or None,
                "goes_to": names(clock.goes_to) or None,
                "note": "Escalated to the centre’s coordinators" if clock.escalated else None,
                "authority": clock.rule.authority,
            }
            for clock in self.found.clocks
        ]

    @property
    def told(self) -> list[dict[str, object]]:
        """The records that tell of it."""
        return [
            {
                "ref": each.record.ref,
                "href": reverse("record", args=[each.record.id]),
                "owner": each.record.owner_id,
                "made": format_datetime(each.record.made_at),
                "since": format_datetime(each.since, default=ABSENT),
                "found_at": format_datetime(each.found_at, default=ABSENT),
                "place": each.place or None,
                "risk": each.risk.label if each.risk else None,
                "interview": each.interview.label if each.interview else None,
            }
            for each in self.found.episode.told
        ]

    @property
    def entries(self) -> list[dict[str, object]]:
        """What people wrote, the newest first; what was written by mistake is marked, and stays."""
        stands = {each.id for each in self.found.standing_entries}
        return [_entry_row(each, stands) for each in reversed(self.found.entries)]

    @property
    def disclosures(self) -> list[dict[str, object]]:
        return [
            {
                "told": format_datetime(each.told_at),
                "told_to": each.told_to,
                "text": each.text,
                "by": f"{each.by}, {names((each.by_agency,))}",
            }
            for each in disclosures_of(self.viewpoint, self.found.episode)
        ]

    @property
    def plan(self) -> TriggerPlan | None:
        """The version that stands."""
        return next(iter(plans_of(self.viewpoint, self.found.episode)), None)

    @property
    def others(self) -> list[dict[str, object]]:
        """The person's other episodes, the newest first."""
        held = of_mentions(self.viewpoint, [self.found.episode.id])
        return [episode_row(each) for each in held if each.episode.id != self.found.episode.id]


def _entry_row(entry: EpisodeEntry, stands: set[UUID]) -> dict[str, object]:
    kind = EntryKind(entry.kind)
    words = {each.name: (each.label, dict(each.choices)) for each in ASKED[kind]}
    said = [
        f"{words[name][0]}: {words[name][1].get(value, value)}" for name, value in entry.detail.items() if name in words
    ]
    mistaken = entry.id not in stands and kind is not EntryKind.TAKEN_BACK
    return {
        "kind": f"{kind.label} (taken back)" if mistaken else kind.label,
        "happened": format_datetime(entry.happened_at),
        "said": "; ".join(said) or None,
        "text": entry.text or None,
        "by": f"{entry.by}, {names((entry.by_agency,))}",
        "at": format_datetime(entry.at),
    }


def plan_rows(plans: list[TriggerPlan]) -> list[dict[str, object]]:
    """Every version of a plan in a row."""
    return [
        {
            "number": each.number,
            "saved": format_datetime(each.at),
            "review_on": format_date(each.review_on),
            "reason": each.reason,
            "text": each.text,
            "by": f"{each.by}, {names((each.by_agency,))}",
        }
        for each in plans
    ]


def authority_rows() -> list[dict[str, str]]:
    """Who says so, of each rule."""
    return [{"rule": name, "authority": authority} for name, authority in rules().authorities]
