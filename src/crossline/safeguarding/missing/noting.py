"""Writing down what happened in an episode, and what was disclosed: each one act, appended, audited, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.one_at_a_time import claim
from crossline.safeguarding.missing.episodes import RiskGrade, Told
from crossline.safeguarding.missing.models import EntryKind, EpisodeDisclosure, EpisodeEntry
from crossline.safeguarding.missing.standing import PURPOSE, Standing, episode_of
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Tristate

LONGEST_FIELD: Final = 300
LONGEST_TEXT: Final = 4_000
ABSENT: Final = "That episode does not exist, or you may not see it."
NOT_THEIRS: Final = (
    "Only a safeguarding lead of the home force, of the force that found them, of the force whose record it is, or of the "
    "centre writes that down; a coordinator of the centre writes whom they asked."
)
_TRISTATE: Final = tuple((each.value, each.meaning) for each in Tristate)
OUTCOMES: Final = (("done", "Done"), ("tried", "Tried, and not done"), ("refused", "Refused"))


@dataclass(frozen=True)
class Asked:
    """One thing that is asked for with an entry. `choices`: the closed list, where it is one."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


_WHO: Final = Asked("who", "Who did so, for which organisation")
ASKED: Final[Mapping[EntryKind, tuple[Asked, ...]]] = MappingProxyType(
    {
        EntryKind.RETURNED: (Asked("where", "Where they came back to or were found", required=False),),
        EntryKind.PREVENTION: (
            Asked("outcome", "What came of it", OUTCOMES),
            Asked("who", "By whom"),
            Asked("where", "Where", required=False),
            Asked("face_to_face", "Face to face", _TRISTATE),
            Asked("alone", "Without anybody who may control them", _TRISTATE),
        ),
        EntryKind.OFFERED: (_WHO,),
        EntryKind.ACCEPTED: (_WHO,),
        EntryKind.DECLINED: (_WHO,),
        EntryKind.DONE: (_WHO, Asked("where", "Where", required=False)),
        EntryKind.RISK: (Asked("grade", "Risk", tuple(RiskGrade.choices)),),
        EntryKind.JOURNEY: (
            Asked("transport", "How they travelled, and who paid", required=False),
            Asked("with_whom", "With whom they were", required=False),
            Asked("condition", "In what condition", required=False),
            Asked("items", "What they had with them", required=False),
        ),
        EntryKind.CHASED: (Asked("who", "Who was asked"),),
        EntryKind.TAKEN_BACK: (),
    }
)
"""What is asked with each kind of entry, beside when it happened and what there is to say."""
WORDS_NEEDED: Final = frozenset({EntryKind.RISK, EntryKind.CHASED, EntryKind.TAKEN_BACK})
AFTER_RETURN: Final = frozenset(
    {EntryKind.PREVENTION, EntryKind.OFFERED, EntryKind.ACCEPTED, EntryKind.DECLINED, EntryKind.DONE}
)


def note_on_episode(
    *,
    episode: UUID,
    kind: EntryKind,
    happened_at: datetime,
    said: Mapping[str, str],
    text: str,
    viewpoint: Viewpoint,
    of: UUID | None = None,
) -> EpisodeEntry:
    """Write one thing down. `of`: the entry that was written by mistake, where this takes one back."""
    found, anchor = _to_write_on(viewpoint, episode, kind)
    detail = _answers(ASKED[kind], said)
    words = _words(text, needed=kind in WORDS_NEEDED)
    if kind is EntryKind.JOURNEY and not detail:
        raise UserError("Say at least one thing of the journey: transport, with whom, condition or items.")
    _check_time(found, kind, happened_at)
    entry = EpisodeEntry(
        about=anchor.mention,
        kind=kind,
        happened_at=happened_at,
        detail=detail,
        text=words,
        of=_mistaken(found, of, viewpoint) if kind is EntryKind.TAKEN_BACK else None,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=anchor.mention.audience_id,
    )
    entry.save(force_insert=True)
    about = Subject("episode", str(found.episode.id), {"entry": str(kind), "record": str(anchor.record.id)})
    log(Event.EPISODE_NOTED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return entry


def disclose(*, episode: UUID, told_at: datetime, told_to: str, text: str, viewpoint: Viewpoint) -> EpisodeDisclosure:
    """Write down what somebody told after they came back, for safeguarding leads alone."""
    found, anchor = _to_write_on(viewpoint, episode, EntryKind.DONE)
    _check_time(found, EntryKind.DONE, told_at)
    made = EpisodeDisclosure(
        about=anchor.mention,
        told_at=told_at,
        told_to=_answers((Asked("told_to", "To whom it was told"),), {"told_to": told_to})["told_to"],
        text=_words(text, needed=True),
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
    )
    made.save(force_insert=True)
    # Nothing of what was said, not even to whom: the audit is read by others than safeguarding leads.
    about = Subject("episode", str(found.episode.id), {"entry": "disclosure", "record": str(anchor.record.id)})
    log(Event.EPISODE_NOTED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    return made


def _to_write_on(viewpoint: Viewpoint, episode: UUID, kind: EntryKind) -> tuple[Standing, Told]:
    found = episode_of(viewpoint, episode)
    if found is None:
        raise NotPermitted(ABSENT)
    claim(found.episode.id)
    anchor = found.anchor()
    if anchor is None or kind not in found.kinds:
        raise NotPermitted(NOT_THEIRS)
    return found, anchor


def _mistaken(found: Standing, of: UUID | None, viewpoint: Viewpoint) -> EpisodeEntry:
    entry = next((each for each in found.standing_entries if each.id == of), None)
    if entry is None:
        raise UserError("Choose the entry that was written by mistake.")
    if entry.by_agency != viewpoint.viewer.agency:
        writer = agencies()[entry.by_agency].short_name if entry.by_agency in agencies() else entry.by_agency
        raise NotPermitted(f"{writer} wrote that; ask them to take it back.")
    return entry


def _check_time(found: Standing, kind: EntryKind, happened_at: datetime) -> None:
    if happened_at > timezone.now():
        raise UserError("The time lies ahead; write down what has happened.")
    since, back = found.episode.since, found.returned
    if since and happened_at < since:
        raise UserError(
            f"That is before they went missing, {timezone.localtime(since):%-d %B %Y at %H:%M}; check the time."
        )
    if kind in AFTER_RETURN and back and happened_at < back:
        raise MoveNotAllowed(
            f"That is before they came back, {timezone.localtime(back):%-d %B %Y at %H:%M}; check the time, or write down first "
            "when they came back."
        )


def _words(text: str, *, needed: bool) -> str:
    said = text.strip()
    if len(said) > LONGEST_TEXT or (needed and not said):
        raise UserError(f"Say in words what there is to say, in up to {LONGEST_TEXT:,} characters.")
    return said


def _answers(asked: tuple[Asked, ...], said: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in asked:
        answer = " ".join(str(said.get(each.name) or "").split())
        if len(answer) > LONGEST_FIELD or (each.required and not answer):
            raise UserError(f"Give: {each.label}, in up to {LONGEST_FIELD} characters.")
        if each.choices and answer and answer not in dict(each.choices):
            raise UserError(f"Choose from the list: {each.label}.")
        if answer:
            found[each.name] = answer
    return found
