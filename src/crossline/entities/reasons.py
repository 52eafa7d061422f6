"""Reasons for a judgement that are ready to be chosen, so that an answer takes one key; whoever has another writes it."""

from __future__ import annotations

from typing import Final

from django.db import models

from crossline.entities.models import Verdict
from crossline.errors import UserError


class ReadyReason(models.TextChoices):
    """A reason that often holds. The first of each verdict is the one that a key alone gives. [D]"""

    FACTS_AGREE = "facts_agree", "The facts of both records agree, and nothing in them speaks against it"
    SAME_IDENTIFIER = "same_identifier", "An identifier that one person alone bears is the same in both"
    KNOWN_SAME = "known_same", "Known to officers as one person"
    FACTS_CONFLICT = "facts_conflict", "The facts of the records cannot be one person’s"
    RELATIVES = "relatives", "Relatives or members of one household"
    NAMESAKES = "namesakes", "Namesakes: beyond the name nothing agrees"
    KNOWN_DIFFERENT = "known_different", "Known to officers as two people"
    TOO_LITTLE = "too_little", "The records do not say enough to tell"
    ASKED = "asked", "The agencies that sent the records have been asked"


OF_VERDICT: Final = {
    Verdict.SAME: (ReadyReason.FACTS_AGREE, ReadyReason.SAME_IDENTIFIER, ReadyReason.KNOWN_SAME),
    Verdict.DIFFERENT: (
        ReadyReason.FACTS_CONFLICT,
        ReadyReason.RELATIVES,
        ReadyReason.NAMESAKES,
        ReadyReason.KNOWN_DIFFERENT,
    ),
    Verdict.UNSURE: (ReadyReason.TOO_LITTLE, ReadyReason.ASKED),
}
"""Which reasons go with which verdict."""


def reason_for(verdict: Verdict, *, ready: str, words: str) -> str:
    """The reason as it is kept: own words where there are any, else the one chosen, else the first of the verdict."""
    if words.strip():
        return words.strip()
    if not ready:
        return str(OF_VERDICT[verdict][0].label)
    if ready not in OF_VERDICT[verdict]:
        raise UserError(f"That reason does not go with “{verdict.label.lower()}”; choose another, or write your own.")
    return str(ReadyReason(ready).label)
