"""What may leave with a meeting: the withholding of referrals, asked about invitations, actions and shared minutes.

Invitations and actions name nobody, not even the person: they are held to the strictest kind of recipient. Minutes that a
partner is given are held to the kind that its referral names; those that a police agency is given to the strictest again, as
it may see no record of the person, with the parts that are for the police.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UserError
from crossline.safeguarding.meetings.models import Invitation, Meeting
from crossline.safeguarding.meetings.parts import POLICE, parts
from crossline.safeguarding.referrals.fields import Field, Recipient, entries, recipients
from crossline.safeguarding.referrals.gathering import Gathered, gathered_for
from crossline.safeguarding.referrals.standing import referral_of
from crossline.safeguarding.referrals.states import State
from crossline.vocabulary.agencies import is_partner

LONGEST: Final = 4_000
LIVE: Final = frozenset(State) - {State.DRAFTED, State.REJECTED, State.DONE, State.REVOKED}
"""Referrals that a partner holds: sent, and neither rejected, closed nor taken back."""
ATTENDED: Final = "Who took part"


@dataclass(frozen=True)
class Line:
    """One part of minutes as an invited organisation reads it. `tells`: what would still tell too much, in words."""

    title: str
    words: str
    tells: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        """Its words, a paragraph each."""
        return [each for line in self.words.splitlines() if (each := line.strip())]


def strictest() -> Recipient:
    """The kind of recipient to which nobody is named."""
    return next(each for each in recipients().values() if each.names_nobody)


def gathered_about(viewpoint: Viewpoint, meeting: Meeting) -> Gathered:
    """What is held about whom a meeting is about."""
    gathered = gathered_for(viewpoint, meeting.about_id, meeting.owner_id)
    if gathered is None:
        raise NotPermitted("Whom this meeting is about is no longer to be seen.")
    return gathered


def words_that_leave(gathered: Gathered, what: str, words: str, *, needed: bool, numbers: bool = False) -> str:
    """Words that an invited organisation will read; raises UserError where there are none, or where they tell of somebody.

    `numbers`: a telephone number may stand in them, as it does in how to join.
    """
    said = words.strip()
    if len(said) > LONGEST or (needed and not said):
        raise UserError(f"Say “{what}” in words, in up to {LONGEST:,} characters: those who are invited read them.")
    if tells := gathered.tells(strictest(), entries()[Field.CONTACT] if numbers else None, said):
        raise UserError(f"“{what}” tells {' and '.join(tells)}. Take that out: those who are invited read it.")
    return said


def shared_lines(
    gathered: Gathered, invitation: Invitation, said: Mapping[str, str], attended: Sequence[str]
) -> list[Line]:
    """Minutes as one invited organisation is given them: one function for the preview and for what is kept.

    A part that is not for its kind is left out; in the others names, officers, sources and references are taken out. What
    cannot be taken out by a pattern, such as a telephone number, is said in `tells`.
    """
    capacity, recipient = POLICE, strictest()
    if is_partner(invitation.invited_id):
        referral = referral_of(gathered.viewpoint, invitation.referral_id) if invitation.referral_id else None
        if referral is None or referral.state not in LIVE:
            return []
        capacity, recipient = referral.recipient.id, referral.recipient
    withheld = gathered.withheld(recipient)
    lines = [Line(ATTENDED, "\n".join(attended))] if attended else []
    for part in parts().values():
        words = withheld.clean(said.get(part.id, "").strip())
        if words and part.is_for(capacity):
            lines.append(Line(part.title, words, tuple(gathered.tells(recipient, None, words))))
    return lines
