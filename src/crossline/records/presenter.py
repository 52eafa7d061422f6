"""What a record's page shows, as plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from crossline.access.policy import COMPARTMENT
from crossline.access.roles import Role
from crossline.records.detail_words import detail_rows
from crossline.records.models import Assertion, Mention, Record
from crossline.records.naming import address_of, caption_of
from crossline.records.phrases import phrase
from crossline.records.retention.presenter import rule_in_words
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import (
    FindingKind,
    Handling,
    HandlingCondition,
    MentionKind,
    RecordKind,
    SubjectCategory,
)
from crossline.wording import format_date, format_datetime, format_partial_date, format_span, with_capital

_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "police": "Everyone with a policing role, in any agency",
        "centre": "The national coordination centre",
        "safeguarding": "Safeguarding leads of every agency",
    }
)


def group_in_words(label: str) -> str:
    """A label as people say it."""
    kind, _, name = label.partition(":")
    if kind == "agency" and name in agencies():
        return agencies()[name].name
    if label.startswith(COMPARTMENT):
        return "Those who belong to the compartment it is in"
    if kind == "role" and name in frozenset(Role):
        return f"Everyone with the role {name}"
    return _GROUPS.get(label, label)


@dataclass(frozen=True)
class RecordPage:
    """One record with what it mentions and says."""

    record: Record
    mentions: Sequence[Mention]
    assertions: Sequence[Assertion]
    due: date
    rule: str

    @property
    def kind(self) -> str:
        return RecordKind(self.record.kind).meaning

    @property
    def seen_by(self) -> list[str]:
        """The groups that may see the record."""
        return sorted(group_in_words(label) for label in self.record.audience.labels.values_list("key", flat=True))

    @property
    def seen_why(self) -> str:
        """Why those and nobody else."""
        if any(label.key.startswith(COMPARTMENT) for label in self.record.audience.labels.all()):
            return "A keeper put it there; nobody else sees it, of whatever agency."
        handling = Handling(self.record.handling)
        return (
            f"Decided by the kind of record and its handling, {handling.value}: {handling.meaning.lower()}. "
            "The agency that sent it can narrow this, or release the record to one more agency; the reader never can."
        )

    @property
    def summary(self) -> list[tuple[str, str | None]]:
        """Where it is from and how it is held."""
        record = self.record
        revised = f"{record.ref}, revision {record.revision}" if record.revision > 1 else record.ref
        return [
            ("Sent by", record.owner.name),
            ("Reference", revised),
            ("Made", format_datetime(record.made_at)),
            ("Happened", _when(record) or "Not stated"),
            ("Classification", record.classification),
            ("Conditions", conditions_in_words(record.conditions) or "None"),
            ("Next review", format_date(self.due)),
            ("By the rule", rule_in_words(self.rule)),
        ]

    @property
    def things(self) -> list[dict[str, object]]:
        """What the record mentions, people first."""
        ordered = sorted(
            self.mentions, key=lambda mention: (mention.kind != MentionKind.PERSON, mention.kind, mention.key)
        )
        return [
            {
                "caption": caption_of(mention),
                "href": address_of(mention),
                "kind": MentionKind(mention.kind).meaning,
                "known": _first_capital("; ".join(_known(mention))) or None,
            }
            for mention in ordered
        ]

    @property
    def sentences(self) -> list[dict[str, object]]:
        """What the record says between them."""
        return [
            {
                "subject": caption_of(said.from_mention),
                "subject_href": address_of(said.from_mention),
                "categories": [said.category] if said.category and said.category != SubjectCategory.OTHER else [],
                "says": phrase(said.type, forwards=True),
                "object": caption_of(said.to_mention),
                "object_href": address_of(said.to_mention),
                "span": (said.from_date, said.to_date),
                "basis": said.basis,
            }
            for said in sorted(self.assertions, key=lambda said: (said.category != SubjectCategory.VICTIM, said.type))
        ]

    @property
    def is_number_change(self) -> bool:
        """Whether it is a finding that one number took over from another, which has a page to decide on it."""
        return self.record.kind == RecordKind.FINDING and self.record.ref.startswith(FindingKind.SUCCESSION.beginning)

    @property
    def is_line_return(self) -> bool:
        """Whether it is a return of a line, which has a page on how that stands."""
        return self.record.kind == RecordKind.LINE_RETURN

    @property
    def reasons(self) -> list[str]:
        """What an engine's conclusion rests on, as it was kept with its points: sentences."""
        if self.record.kind != RecordKind.FINDING:
            return []
        return [f"{with_capital(reason)}." for reason in map(str, self.record.detail.get("reasons") or ())]

    @property
    def details(self) -> list[tuple[str, str]]:
        """The fields of the kind of record."""
        return detail_rows(self.record.detail)


def _first_capital(text: str) -> str:
    return with_capital(text)


def conditions_in_words(conditions: str) -> str:
    """Handling codes with their meaning, and whatever the sender wrote beside them."""
    known = {code.value: f"{code.value} ({code.meaning.lower()})" for code in HandlingCondition}
    return " ".join(known.get(word, word) for word in conditions.split())


def _when(record: Record) -> str | None:
    if record.occurred_from is None:
        return None
    if record.occurred_to is None or record.occurred_to == record.occurred_from:
        return format_datetime(record.occurred_from)
    if record.occurred_to.date() == record.occurred_from.date():
        return f"{format_datetime(record.occurred_from)} to {format_datetime(record.occurred_to).rpartition(' at ')[2]}"
    return format_span(record.occurred_from.date(), record.occurred_to.date())


def _known(mention: Mention) -> Iterator[str]:
    """What the record adds to the name of a mention."""
    if mention.born:
        yield f"born {format_partial_date(mention.born)}"
    if mention.age is not None:
        yield f"aged {mention.age} when the record was made"
    if mention.aliases:
        yield f"also called {', '.join(mention.aliases)}"
    if mention.nominal:
        yield f"nominal number {mention.nominal}"
    if mention.pnc:
        yield f"PNC ID {mention.pnc}"
