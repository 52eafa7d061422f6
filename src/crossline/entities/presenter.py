"""What the pages of people and things show: the victim first, facts and assessments told apart, each with record and grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from crossline.entities.models import Judgement
from crossline.entities.profile import MatchReason, PersonProfile, Statement
from crossline.entities.reach import NOT_SHOWN
from crossline.entities.search import PersonHit, ThingHit
from crossline.entities.things import Alike, Said, ThingProfile
from crossline.records.models import Record
from crossline.records.naming import address_of, name_of, tidy_brand, tidy_name
from crossline.records.phrases import phrase
from crossline.records.rows import record_rows
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import MentionKind, SubjectCategory
from crossline.vocabulary.selectors import PartialDate, fold_name, normalise_phone, parse_partial_date
from crossline.wording import format_date, format_partial_date, format_phone, format_span

SHORT_KINDS: Final[Mapping[MentionKind, str]] = MappingProxyType(
    {
        MentionKind.PERSON: "Person",
        MentionKind.PHONE: "Telephone number, SIM or handset",
        MentionKind.ADDRESS: "Address",
        MentionKind.VEHICLE: "Vehicle",
        MentionKind.LINE: "County line",
        MentionKind.GROUP: "Group",
        MentionKind.ITEM: "Item",
        MentionKind.PLACE: "Place",
        MentionKind.ACCOUNT: "Account",
        MentionKind.HANDLE: "Online name",
    }
)


def births_known(births: Iterable[str]) -> list[PartialDate]:
    """Dates of birth as far as they may be relied on: what a fuller one says already is left out."""
    read = [known for born in births if (found := parse_partial_date(born)) and (known := found.evidence)]
    kept: list[PartialDate] = []
    for each in sorted(read, key=lambda known: -len(str(known))):
        if not any(fuller.agrees_with(each) for fuller in kept):
            kept.append(each)
    return sorted(kept, key=lambda known: known.earliest)


def births_in_words(births: Iterable[str]) -> str | None:
    """The dates of birth, an “or” between those that contradict each other."""
    return " or ".join(format_partial_date(str(known)) for known in births_known(births)) or None


def ages_on(births: Iterable[str], day: date) -> str | None:
    """The age on a day: 17, or 16 or 17 where the day of birth is not known; None where none is recorded."""
    ages = sorted({age for known in births_known(births) for age in known.age_range_on(day)})
    return " or ".join(str(age) for age in ages) or None


def names_of(ids: Iterable[str]) -> str:
    """Agencies by their names."""
    known = agencies()
    return ", ".join(sorted(known[each].name if each in known else each for each in set(ids)))


@dataclass(frozen=True)
class PersonPage:
    """One person."""

    profile: PersonProfile
    restricted: frozenset[UUID] = frozenset()
    reach_asked: bool = False
    is_registered: bool = False  # a register that keeps people safe calls them a victim, whatever records say

    @property
    def is_victim(self) -> bool:
        return bool(self.profile.victim) or self.is_registered

    @property
    def name(self) -> str:
        return tidy_name(self.profile.name)

    @property
    def reach_hidden(self) -> bool:
        """Whether where the person can be reached waits to be asked for: a victim's does."""
        return self.has_reach and not self.reach_asked

    @property
    def has_reach(self) -> bool:
        """Whether the person is a victim of whom a record says where they can be reached."""
        return self.is_victim and any(statement.tells_where for statement in self.profile.statements)

    @property
    def restricted_records(self) -> list[Record]:
        """The records that are not to be used for a decision."""
        return [record for record in self.profile.records if record.id in self.restricted]

    @property
    def newest_day(self) -> date | None:
        """The day of the newest record about the person."""
        days = [(record.occurred_from or record.made_at).date() for record in self.profile.records]
        return max(days, default=None)

    @property
    def born(self) -> str | None:
        """Born when, and how old at the newest record: 23 April 2009 (17 at the newest record)."""
        words = births_in_words(self.profile.births)
        age = ages_on(self.profile.births, self.newest_day) if self.newest_day else None
        return f"{words} ({age} at the newest record)" if words and age else words

    @cached_property
    def identity(self) -> list[tuple[str, str | None]]:
        """Who the records say this is."""
        profile = self.profile
        others = {tidy_name(name) for name in profile.names} - {self.name}
        return [
            ("Born", self.born),
            ("Also named", ", ".join(sorted(others)) or None),
            ("Agencies with records", names_of(mention.owner_id for mention in profile.mentions)),
            (
                "Nominal numbers of forces",
                ", ".join(sorted({m.nominal for m in profile.mentions if m.nominal})) or None,
            ),
            ("PNC ID", ", ".join(sorted({m.pnc for m in profile.mentions if m.pnc})) or None),
            ("Newest record", format_date(self.newest_day)),
        ]

    @property
    def was_child(self) -> bool:
        """Whether a recorded date of birth makes the person under 18 at the newest record about them."""
        return self.newest_day is not None and self.profile.may_be_child_on(self.newest_day) is True

    @property
    def victim(self) -> list[dict[str, object]]:
        return statement_rows(self.profile.victim, reach_hidden=self.reach_hidden)

    @property
    def victim_text(self) -> str:
        """What the banner says before anything else."""
        return "A child who may be a victim of exploitation" if self.was_child else "May be a victim of exploitation"

    @property
    def facts(self) -> list[dict[str, object]]:
        return statement_rows(self.profile.facts, reach_hidden=self.reach_hidden)

    @property
    def assessments(self) -> list[dict[str, object]]:
        return statement_rows(self.profile.assessments, reach_hidden=self.reach_hidden)

    @property
    def records(self) -> list[dict[str, object]]:
        return record_rows(self.profile.records)

    @property
    def matches(self) -> list[dict[str, object]]:
        """Why the records are of one person, the strongest pair first."""
        return [match_row(match) for match in self.profile.matches]

    @property
    def judgements(self) -> list[str]:
        """What people said about it."""
        return [judgement_text(judgement) for judgement in self.profile.judgements]


def statement_rows(statements: Iterable[Statement], *, reach_hidden: bool = False) -> list[dict[str, object]]:
    """What is said as rows: the same said by several records once, with each of them, its day and its grade.

    `reach_hidden`: where the person can be reached is left out, and that a record says it is not.
    """
    grouped: dict[tuple[str, bool, str], list[Statement]] = {}
    for statement in statements:
        other = statement.other
        same = other.selector or f"{other.kind}:{fold_name(other.caption)}"
        grouped.setdefault((statement.assertion.type, statement.outward, same), []).append(statement)
    return [_statement_row(said, reach_hidden=reach_hidden) for said in grouped.values()]


def _statement_row(said: Sequence[Statement], *, reach_hidden: bool) -> dict[str, object]:
    """One row for statements that say the same; the fullest way of writing the other end stands."""
    first = said[0]
    other = max((statement.other for statement in said), key=lambda mention: (len(mention.caption), str(mention.id)))
    ends = [statement.assertion.to_date or statement.day for statement in said]
    days = (min(statement.day for statement in said), max(ends))
    hidden = reach_hidden and first.tells_where
    return {
        "says": phrase(first.assertion.type, forwards=first.outward),
        "other": f"{NOT_SHOWN[MentionKind(other.kind)]}, not shown" if hidden else name_of(other),
        "href": None if hidden else address_of(other),
        "categories": list(dict.fromkeys(filter(None, map(_category, said)))),
        "span": days if days[0] != days[1] else (days[0], None),
        "when": format_span(*days),
        "day": days[1],
        "bases": sorted({statement.assertion.basis for statement in said}),
        "graded": [(each.record.ref, reverse("record", args=[each.record.id]), each.record) for each in said],
        "record_count": len(said),
    }


def _category(statement: Statement) -> str:
    """The category of data subject that a statement gives the person; not that of somebody at the other end."""
    if statement.says_victim:
        return SubjectCategory.VICTIM
    category = statement.assertion.category if statement.outward else ""
    return "" if category == SubjectCategory.OTHER else category


def match_row(match: MatchReason) -> dict[str, object]:
    """A pair of mentions held to be one person, each as its agency wrote it."""
    ends = [f"{end.caption} ({_short(end.owner_id)})" for end in (match.left, match.right)]
    page = reverse("match", args=[match.left.id, match.right.id])
    return {"pair": " and ".join(ends), "href": page, "why": match.sentence}


def judgement_text(judgement: Judgement) -> str:
    """What a person said of two mentions in a sentence: the centre's decision, or a proposal."""
    verdict = judgement.get_verdict_display().lower()
    who = f"{judgement.decided_by}, {_short(judgement.decided_agency)}"
    said = "Judged" if judgement.decides else "Proposed as"
    return f"{said} {verdict} by {who} on {format_date(judgement.decided_at)}: {judgement.reason}"


@dataclass(frozen=True)
class ThingPage:
    """A number, vehicle, address, group or other thing."""

    profile: ThingProfile
    restricted: frozenset[UUID] = frozenset()

    @property
    def restricted_records(self) -> list[Record]:
        """The records that are not to be used for a decision."""
        return [record for record in self.profile.records if record.id in self.restricted]

    @property
    def caption(self) -> str:
        return name_of(self.profile.mentions[0]) if self.profile.mentions else self.profile.caption

    @property
    def written(self) -> list[str]:
        """The other ways in which records write it."""
        return sorted({mention.caption for mention in self.profile.mentions} - {self.caption})

    @property
    def said(self) -> list[dict[str, object]]:
        return [said_row(said) for said in self.profile.said]

    @property
    def alike(self) -> list[dict[str, object]]:
        return [alike_row(alike) for alike in self.profile.alike]

    @property
    def records(self) -> list[dict[str, object]]:
        return record_rows(self.profile.records)


def alike_row(alike: Alike) -> dict[str, object]:
    """What may be the same thing as a row; the likeliest come first."""
    return {
        "other": name_of(alike.mention),
        "href": address_of(alike.mention),
        "reason": alike.reason or "Matched by rules of another version; the next daily round says why.",
        "weight": alike.weight_bits,
    }


def said_row(said: Said) -> dict[str, object]:
    """One statement about a thing as a row."""
    return {
        "says": phrase(said.type, forwards=said.forwards),
        "other": name_of(said.other),
        "href": address_of(said.other),
        "basis": said.basis,
        "ref": said.record.ref,
        "record_href": reverse("record", args=[said.record.id]),
        "day": (said.record.occurred_from or said.record.made_at).date(),
        "grade": said.record,
        "grade_code": said.record.grade,
    }


def person_hit_row(hit: PersonHit) -> dict[str, object]:
    """A person found, as a row: the fullest name, the others under it."""
    fullest = tidy_name(max(hit.names, key=lambda name: (len(name), name)))
    others = sorted({tidy_name(name) for name in hit.names} - {fullest})
    return {
        "name": fullest,
        "others": f"Also named {', '.join(others)}" if others else None,
        "href": reverse("person", args=[hit.mention]),
        "born": births_in_words(hit.births),
        "agencies": ", ".join(sorted(_short(agency) for agency in hit.agencies)),
        "mentions": hit.mentions,
    }


def thing_hit_row(hit: ThingHit) -> dict[str, object]:
    """A thing found, as a row."""
    kind = MentionKind(hit.kind)
    name = tidy_brand(hit.caption) if kind is MentionKind.LINE else hit.caption
    if kind is MentionKind.PHONE:
        name = format_phone(normalise_phone(hit.caption) or hit.caption)
    # Several lines may bear one brand, so a brand leads to the list of those that do.
    brand = f"{reverse('lines')}?{urlencode({'brand': tidy_brand(hit.caption)})}"
    return {
        "caption": name,
        "kind": SHORT_KINDS[kind],
        "href": brand if kind is MentionKind.LINE else reverse("thing", args=[hit.mention]),
        "records": hit.records,
    }


def _short(agency: str) -> str:
    known = agencies().get(agency)
    return known.short_name if known else agency
