"""What a text of a referral holds: the words for each field, and what was considered before anything is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossline.safeguarding.referrals.fields import Field, FieldEntry, Recipient, entries
from crossline.vocabulary.codes import Code


class Consent(Code):
    """On what it rests that somebody is told of a person."""

    GIVEN = "given", "Consent was given"
    NOT_NEEDED = "not_needed", "Not needed: a child is at risk"
    OVERRIDDEN = "overridden", "Refused, or not asked for, and overridden"


@dataclass(frozen=True)
class Draft:
    """One text. `rules`: the seven answers; `inference`: what could a perpetrator infer; neither leaves.

    `reader`: the one person of the organisation who may open it, by username; empty where all its people may.
    """

    words: Mapping[Field, str]
    gateway: str
    basis: str
    consent: Consent
    consent_reason: str
    rules: Mapping[str, str]
    inference: str
    urgency: str
    reader: str = ""

    def stored(self) -> dict[str, Any]:
        """As JSON that `read` gives back."""
        return {
            "words": {str(field): said for field, said in self.words.items()},
            "gateway": self.gateway,
            "basis": self.basis,
            "consent": str(self.consent),
            "consent_reason": self.consent_reason,
            "rules": dict(self.rules),
            "inference": self.inference,
            "urgency": self.urgency,
            "reader": self.reader,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Draft | None:
        """A saved text; None where it went with a record that it rested on."""
        if not stored:
            return None
        said = {**stored, "consent": Consent(stored["consent"])}
        return cls(**{**said, "words": {Field(field): words for field, words in stored["words"].items()}})


@dataclass(frozen=True)
class Told:
    """One field as its reader sees it."""

    entry: FieldEntry
    words: str

    @property
    def paragraphs(self) -> list[str]:
        """Its words, a paragraph each."""
        return [each for line in self.words.splitlines() if (each := line.strip())]


def told(recipient: Recipient, words: Mapping[Field, str]) -> list[Told]:
    """What a recipient is told, field by field: one function for preview, sheet and the partner's page.

    A field that this kind of recipient may not be given is left out, whatever words there are for it.
    """
    return [Told(entries()[field], said) for field in recipient.fields if (said := words.get(field, "").strip())]
