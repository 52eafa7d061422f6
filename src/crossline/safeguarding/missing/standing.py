"""How episodes stand for their viewer: what records tell, what people wrote beside them, clocks, counts and trigger plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.records.models import Assertion, Mention
from crossline.records.naming import tidy_name
from crossline.safeguarding.ages import age_on
from crossline.safeguarding.missing.clocks import RUNNING, Clock, ClockState, clocks_of, returned_at
from crossline.safeguarding.missing.episodes import Episode, Episodes, RiskGrade, Told, episodes
from crossline.safeguarding.missing.models import EntryKind, EpisodeDisclosure, EpisodeEntry, TriggerPlan
from crossline.safeguarding.missing.rules import rules
from crossline.vocabulary.codes import AssertionType
from crossline.vocabulary.places import Station, Town, distance_metres, stations, towns

PURPOSE: Final = "safeguarding"


@dataclass(frozen=True)
class Standing:
    """One episode with everything of it that the viewer sees, at one moment."""

    viewpoint: Viewpoint
    episode: Episode
    entries: Sequence[EpisodeEntry]
    age: int | None
    counts: tuple[int, int]
    victim: bool
    now: datetime
    clocks: Sequence[Clock] = field(default=())

    @property
    def name(self) -> str:
        """The person, as the records name them most fully."""
        return tidy_name(max((each.mention.caption for each in self.episode.told), key=lambda name: (len(name), name)))

    @property
    def standing_entries(self) -> list[EpisodeEntry]:
        """Without those that were written by mistake."""
        return standing_among(self.entries)

    @property
    def returned(self) -> datetime | None:
        return returned_at(self.episode, self.standing_entries)

    @property
    def risk(self) -> RiskGrade | None:
        """As somebody graded it last, else the highest that a record gives."""
        graded = [entry for entry in self.standing_entries if entry.kind == EntryKind.RISK]
        return RiskGrade(graded[-1].detail["grade"]) if graded else self.episode.risk

    @property
    def is_repeat(self) -> bool:
        return self.counts[0] >= rules().repeat_episodes

    def anchor(self) -> Told | None:
        """Beside which record the viewer writes; none where it is not their business."""
        return self.episode.anchor_for(self.viewpoint.viewer.agency)

    @property
    def kinds(self) -> list[EntryKind]:
        """What the viewer may write down."""
        viewer = self.viewpoint.viewer
        if self.anchor() is None:
            return []
        if Role.SAFEGUARDING in viewer.roles:
            return list(EntryKind)
        return [EntryKind.CHASED] if Role.COORDINATOR in viewer.roles and viewer.agency == CENTRE else []


def standing_among(entries: Iterable[EpisodeEntry]) -> list[EpisodeEntry]:
    """Entries that were not taken back, and take none back."""
    held = list(entries)
    gone = {entry.of_id for entry in held if entry.kind == EntryKind.TAKEN_BACK}
    return [entry for entry in held if entry.id not in gone and entry.kind != EntryKind.TAKEN_BACK]


def register(viewpoint: Viewpoint, *, now: datetime | None = None) -> list[Standing]:
    """Every episode that the viewer sees: what is breached lately first, the longest late; then what is due, open or to be
    asked, by when it is due; then older breaches and the rest, the newest first."""
    found = _standing(viewpoint, episodes(viewpoint).all, now or timezone.now())
    return sorted(found, key=_urgency)


def episode_of(viewpoint: Viewpoint, mention: UUID, *, now: datetime | None = None) -> Standing | None:
    """The episode of which a mention tells; a hidden one is none."""
    episode = episodes(viewpoint).of_mention.get(mention)
    return next(iter(_standing(viewpoint, [episode], now or timezone.now())), None) if episode else None


def of_mentions(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> list[Standing]:
    """The episodes of the people of whom these mentions are, the newest first."""
    known, held = people(viewpoint), episodes(viewpoint)
    wanted = {known.of(str(mention)) for mention in mentions}
    found = [episode for person in sorted(wanted) for episode in held.of_person.get(person, ())]
    return sorted(_standing(viewpoint, found, timezone.now()), key=_newest_first)


def episodes_of(viewpoint: Viewpoint, mentions: Iterable[UUID]) -> list[dict[str, object]]:
    """Rows about the same for a section of another page, each with its address."""
    return [
        {
            "href": reverse("missing-episode", args=[each.episode.id]),
            "since": each.episode.since,
            "returned": each.returned,
            "place": each.episode.place,
            "home": each.episode.home,
            "finder": each.episode.finder,
            "out_of_area": each.episode.out_of_area,
            "clocks": [f"{clock.rule.name}: {clock.state.label.lower()}" for clock in each.clocks],
        }
        for each in of_mentions(viewpoint, mentions)
    ]


def disclosures_of(viewpoint: Viewpoint, episode: Episode) -> list[EpisodeDisclosure]:
    """What was disclosed, for whoever may read it; the oldest first."""
    rows = EpisodeDisclosure.objects.filter(about__in=episode.mentions)
    return list(viewpoint.visible(rows, "audience", "about__audience").order_by("told_at", "at", "id"))


def plans_of(viewpoint: Viewpoint, episode: Episode) -> list[TriggerPlan]:
    """Every version of the plan for the person, the newest first."""
    several = episodes(viewpoint).of_person[episode.person]
    rows = TriggerPlan.objects.filter(about__in=[mention for each in several for mention in each.mentions])
    return list(viewpoint.visible(rows, "audience", "about__audience").order_by("-at", "-number", "id"))


def distance_of(viewpoint: Viewpoint, episode: Episode) -> float | None:
    """Metres from home, as a record places it, to where they were found; None where either point is not known."""
    said = Assertion.objects.filter(
        type=AssertionType.LIVES_AT, from_mention__in=[each.mention.id for each in episode.told]
    ).select_related("to_mention")
    homes = viewpoint.visible(said, "audience", "to_mention__audience").order_by("record__made_at", "id")
    points = [point for each in homes if (point := _point(each.to_mention))]
    found = _point_of_place(episode.place, episode.finder)
    return distance_metres(*points[-1], *found) if points and found else None


def _point(mention: Mention) -> tuple[float, float] | None:
    lat, lon = mention.detail.get("lat"), mention.detail.get("lon")
    return (float(lat), float(lon)) if isinstance(lat, int | float) and isinstance(lon, int | float) else None


def _point_of_place(name: str, force: str) -> tuple[float, float] | None:
    """A town or a station of that name in the finder's area; where several are, none: a distance is not guessed at."""
    wanted = name.casefold()
    places: list[Town | Station] = [*towns(), *stations().values()]
    found = {(each.lat, each.lon) for each in places if each.name.casefold() == wanted and each.force_id == force}
    return found.pop() if len(found) == 1 else None


def _standing(viewpoint: Viewpoint, which: Sequence[Episode], now: datetime) -> list[Standing]:
    held, suffering = episodes(viewpoint), victims(viewpoint)
    entries = _entries(viewpoint, which)
    ages = _ages(viewpoint, held, which)
    found = []
    for episode in which:
        own = sorted((each for mention in episode.mentions for each in entries[mention]), key=_as_written)
        age = age_on(ages[episode.person], episode.since)
        clocks = clocks_of(episode, standing_among(own), age=age, now=now, centre=CENTRE)
        counts, victim = held.counts(episode), episode.person in suffering
        found.append(Standing(viewpoint, episode, own, age, counts, victim, now, clocks))
    return found


def _entries(viewpoint: Viewpoint, which: Sequence[Episode]) -> dict[UUID, list[EpisodeEntry]]:
    rows = EpisodeEntry.objects.all()
    if len(which) < 50:
        rows = rows.filter(about__in=[mention for episode in which for mention in episode.mentions])
    found: dict[UUID, list[EpisodeEntry]] = defaultdict(list)
    for entry in viewpoint.visible(rows, "audience", "about__audience").order_by("at", "id"):
        found[entry.about_id].append(entry)
    return found


def _as_written(entry: EpisodeEntry) -> tuple[datetime, str]:
    return entry.at, str(entry.id)


def _ages(viewpoint: Viewpoint, held: Episodes, which: Sequence[Episode]) -> dict[str, list[Mention]]:
    """The mentions by which a person's age is known: those of all their missing records."""
    return {
        episode.person: [told.mention for each in held.of_person[episode.person] for told in each.told]
        for episode in which
    }


def _urgency(found: Standing) -> tuple[int, float, tuple[float, str]]:
    said = rules()
    late = [clock.late_by(found.now) for clock in found.clocks if clock.state is ClockState.BREACHED]
    if late and min(late) <= said.lately.total_seconds():
        recent = [each for each in late if each <= said.lately.total_seconds()]
        return 0, -max(recent), _newest_first(found)
    waits = [clock for clock in found.clocks if clock.state in RUNNING - {ClockState.BREACHED}]
    if waits:
        return 1, min(clock.due.timestamp() for clock in waits if clock.due), _newest_first(found)
    return (2 if late else 3), 0.0, _newest_first(found)


def _newest_first(found: Standing) -> tuple[float, str]:
    since = found.episode.since
    return (-since.timestamp() if since else 0.0, str(found.episode.id))
