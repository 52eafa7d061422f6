"""What a decoy says: drawn from invented names and the telephone numbers that Ofcom keeps for drama, so of nobody real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from crossline.records.intake.parsed import ParsedMention
from crossline.records.search_tokens import tokens_for
from crossline.simulation.names import invent_name
from crossline.vocabulary.codes import MentionKind
from crossline.vocabulary.selectors import normalise_phone

YOUNGEST, OLDEST = 22, 45
"""No decoy is about a child: whoever reads one must not be led to look for a child who is not there."""
LATEST, EARLIEST = timedelta(days=3), timedelta(days=60)
_WORDING: Final = (
    (
        "Possession of a controlled drug",
        "{name}, born {born}, was found with a small amount of cocaine, said to be for personal use. "
        "Gave {number} as a contact number.",
    ),
    ("Traffic stop", "{name}, born {born}, was stopped for speed. Words of advice. Contact number given as {number}."),
    (
        "Antisocial behaviour",
        "Complaints of loud music in the evening. {name}, born {born}, is named by residents and uses {number}.",
    ),
    (
        "Stop and search",
        "{name}, born {born}, was stopped and searched. Nothing was found. Was using a telephone, number {number}.",
    ),
    ("Suspicion of dealing", "{name}, born {born}, is said to sell from a car and to take orders on {number}."),
)


@dataclass(frozen=True)
class Story:
    """What a decoy says, as the record of an agency would: one person, one number, and that one uses the other."""

    ref: str
    made_at: datetime
    occurred_at: datetime
    source_grade: str
    information_grade: str
    conditions: str
    subject: str
    text: str
    forename: str
    surname: str
    born: str
    sex: str
    number: str

    @property
    def caption(self) -> str:
        """The person's name as the text has it."""
        return f"{self.forename} {self.surname}"

    @property
    def selector(self) -> str:
        """The number as it is stored and compared."""
        return f"phone:{normalise_phone(self.number)}"

    @property
    def words(self) -> list[str]:
        """The words by which the search finds such a person in a record."""
        named = ParsedMention("p1", MentionKind.PERSON, self.caption, forename=self.forename, surname=self.surname)
        return sorted(tokens_for(named))

    @property
    def tokens(self) -> list[str]:
        """By what it is found: those words, and the number."""
        return [*self.words, self.selector]

    def written(self) -> dict[str, Any]:
        """As it is stored."""
        times = {"made_at": self.made_at.isoformat(), "occurred_at": self.occurred_at.isoformat()}
        return asdict(self) | times


def story_of(said: Mapping[str, Any]) -> Story:
    """A story from how it is stored."""
    times = {name: datetime.fromisoformat(said[name]) for name in ("made_at", "occurred_at")}
    return Story(**{**said, **times})


def draw(agency: str, *, chance: Random, now: datetime) -> Story:
    """A story for an agency's people, by chance."""
    sex = chance.choice("FM")
    year = now.year - chance.randint(YOUNGEST + 1, OLDEST)
    name = invent_name(chance, tradition="british", sex=sex, birth_year=year, force_id=agency)
    born = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    number = f"07700 900{chance.randrange(1_000):03}#{chance.randrange(10_000):04}"
    made = now - LATEST - (EARLIEST - LATEST) * chance.random()
    made = made.replace(second=0, microsecond=0)
    subject, wording = chance.choice(_WORDING)
    return Story(
        ref=f"{agency.upper()}/{made.year}/{chance.randrange(1, 1_000_000):06}",
        made_at=made,
        occurred_at=made - timedelta(minutes=chance.randint(30, 600)),
        source_grade=chance.choice("12"),
        information_grade=chance.choice("ABC"),
        conditions=chance.choice(("A1 S2", "A2 S2", "A1 S1")),
        subject=subject,
        text=wording.format(name=f"{name.forename} {name.surname}", born=born, number=number),
        forename=name.forename,
        surname=name.surname,
        born=born,
        sex=sex,
        number=number,
    )
