"""What a report says, as plain values; and the report of a delivery that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from crossline.safeguarding.guidance.signs import signs
from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, MentionKind, RecordKind

ABOUT: Final[Mapping[str, str]] = {"child": "A child or young person under 18", "adult": "An adult"}
"""Whom a report is about. Whoever is not sure says so by leaving age and date of birth empty."""
SUBJECT: Final = "Concern reported by a partner"


@dataclass(frozen=True)
class Answers:
    """One report's answers. Empty is not known; `age` in years as the sender thinks it is."""

    about: str  # of ABOUT
    seen: str  # what was seen and heard
    forename: str = ""
    surname: str = ""
    born: str = ""  # ISO
    age: int | None = None
    address: str = ""
    postcode: str = ""
    since: str = ""  # ISO: the day of what was seen
    where: str = ""
    signs: tuple[str, ...] = ()  # ids
    own_words: str = ""  # what the person said, as they said it
    told: str = ""  # whether the person and the family know of this report
    contact: str = ""  # whom to ask, and when it is safe to

    def stored(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {**asdict(self), "signs": list(self.signs)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Answers:
        """Back from the row."""
        return cls(**{**stored, "signs": tuple(stored.get("signs", ()))})

    @property
    def looks(self) -> tuple[str, ...]:
        """The signs in the words in which they were ticked."""
        known = signs().by_id
        return tuple(known[each].look for each in self.signs if each in known)

    @property
    def words(self) -> tuple[str, ...]:
        """The signs as a record of a concern says them, each once."""
        known = signs().by_id
        return tuple(dict.fromkeys(known[each].words for each in self.signs if each in known))

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.forename, self.surname)))


def as_report(said: Answers, *, ref: str, made_at: datetime, sector: str, organisation: str) -> dict[str, Any]:
    """The line of reports.jsonl that a force would have written of it. No grade: whoever receives it grades it."""
    person = {
        "key": "p1",
        "kind": str(MentionKind.PERSON),
        "forename": said.forename,
        "surname": said.surname,
        "dob": said.born or None,
        "age": None if said.born else said.age,
    }
    mentions: list[dict[str, Any]] = [person]
    assertions: list[dict[str, Any]] = []
    if said.address or said.postcode:
        mentions.append(
            {"key": "a1", "kind": str(MentionKind.ADDRESS), "text": said.address, "postcode": said.postcode or None}
        )
        lives = {"from": "p1", "to": "a1", "type": str(AssertionType.LIVES_AT), "basis": str(Basis.FACT)}
        assertions.append(lives)
    happened = {} if not said.since else {"occurred_from": f"{date.fromisoformat(said.since)}T12:00:00+00:00"}
    return {
        "ref": ref,
        "kind": str(RecordKind.CONCERN),
        "made_at": made_at.isoformat(),
        **happened,
        "handling": str(Handling.P),
        "classification": str(Classification.OFFICIAL_SENSITIVE),
        "subject": SUBJECT,
        "text": _text(said, organisation),
        "mentions": mentions,
        "assertions": assertions,
        "concern": {"source_sector": sector, "indicators": list(said.words)},
    }


def _text(said: Answers, organisation: str) -> str:
    """All that the form holds, in words."""
    parts = [
        f"Reported by {organisation}. About {ABOUT[said.about].lower()}.",
        said.seen,
        f"Where: {said.where}." if said.where else "",
        f"In the person’s own words: “{said.own_words}”" if said.own_words else "",
        f"Noticed: {', '.join(said.words)}." if said.words else "",
        f"Who knows of the report: {said.told}" if said.told else "",
        f"Whom to ask, and when: {said.contact}" if said.contact else "",
    ]
    return "\n".join(filter(None, parts))
