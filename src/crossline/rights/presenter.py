"""What the page of a subject access pack shows: each record with what there is to decide about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from crossline.entities.presenter import PersonPage
from crossline.records.naming import tidy_name
from crossline.records.rows import record_row
from crossline.rights.forms import PackForm
from crossline.rights.holding import HeldRecord, Holding
from crossline.rights.treatment import proposed
from crossline.vocabulary.agencies import agencies
from crossline.wording import format_date, format_partial_date, plural


@dataclass(frozen=True)
class PackPage:
    """One person, the records about them, and the form to decide on each."""

    holding: Holding
    form: PackForm
    agency: str

    @property
    def name(self) -> str:
        return tidy_name(self.holding.profile.name)

    @property
    def href(self) -> str:
        return reverse("person", args=[self.holding.person])

    @property
    def may_be_child(self) -> bool:
        return PersonPage(self.holding.profile).was_child

    @property
    def is_victim(self) -> bool:
        return bool(self.holding.profile.victim)

    @property
    def own_fields(self) -> list[object]:
        """The fields that are about the request, not about one record."""
        return [self.form[name] for name in ("ref", "received", "identity_checked")]

    @property
    def records(self) -> list[dict[str, object]]:
        return [self._row(held) for held in self.holding.records]

    def _row(self, held: HeldRecord) -> dict[str, object]:
        why = proposed(held.record, agency=self.agency)
        row = record_row(held.record)
        return {
            "title": f"{row['ref']}: {row['subject'] or row['kind']}",
            "href": row["href"],
            "facts": [
                ("Sent by", _agency(held.record.owner_id)),
                ("What it is", row["kind"]),
                ("Happened", format_date(held.day)),
                ("Names the person as", "; ".join(_as_written(held))),
                ("Says", _amount(held)),
                ("Other people in it", plural(held.others, "mention") if held.others else "None"),
                ("Proposed because", why.authority),
            ],
            "says_victim": held.says_victim,
            "field": self.form.of_record(held.record.id),
        }


def _amount(held: HeldRecord) -> str:
    said = plural(len(held.said), "statement")
    ends = sum(each.concerns_others for each in held.said)
    return f"{said}, of which {ends} concern somebody else as well" if ends else said


def _as_written(held: HeldRecord) -> list[str]:
    return [f"{m.caption}, born {format_partial_date(m.born)}" if m.born else m.caption for m in held.mentions]


def _agency(agency: str) -> str:
    known = agencies().get(agency)
    return known.name if known else agency
