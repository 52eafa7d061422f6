"""What the pages of orders show, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from crossline.lines.in_words import names
from crossline.orders.about import About, about_of
from crossline.orders.completeness import missing
from crossline.orders.content import Content
from crossline.orders.forms import chosen_of
from crossline.orders.gathering import SCHEMES, Gathered, victims_of
from crossline.orders.giving import DOCUMENTS, FORMATS
from crossline.orders.law import application, order_kinds, parts_of
from crossline.orders.models import EntryKind, ItemUse, OrderItem, OrderState
from crossline.orders.standing import Standing
from crossline.orders.steps import CheckAnswer, check_backs, next_due
from crossline.wording import format_date, format_phone, format_span

SOON: Final = timedelta(days=14)
"""What is due within it counts as due soon. [D]."""
DUE: Final[Mapping[str, str]] = {"soon": "Due within 14 days or late", "late": "Late"}
_LABELS: Final[Mapping[str, str]] = {
    "name": "Signed by",
    "rank": "Rank",
    "court": "Court",
    "court_ref": "Court’s reference",
    "order_ref": "Order",
    "comply_by": "Provider complies by",
    "until": "In force until",
    "on": "Served on",
    "how": "How",
    "by_whom": "By",
    "confirmation": "Confirmed",
    "variation": "Varied",
}


@dataclass(frozen=True)
class Chosen:
    """Which orders are listed."""

    kind: str = ""
    state: str = ""
    due: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Chosen:
        """From an address; a word that is on no list chooses nothing."""
        kind, state, due = (given.get(name, "") for name in ("kind", "state", "due"))
        return cls(
            kind if kind in order_kinds() else "",
            state if state in OrderState.values else "",
            due if due in DUE else "",
        )

    def holds(self, found: Standing) -> bool:
        """Whether an order is listed."""
        if self.kind not in ("", found.order.kind) or self.state not in ("", found.state.value):
            return False
        if not self.due:
            return True
        due, today = next_due(found), timezone.localdate()
        return due is not None and due[0] < (today + SOON if self.due == "soon" else today)


def order_row(found: Standing) -> dict[str, object]:
    """An order in a row of the list."""
    about, due = about_of(found), next_due(found)
    return {
        "ref": found.ref,
        "href": reverse("order", args=[found.order.id]),
        "kind": found.kind.short,
        "about": about.name,
        "categories": ["victim"] if about.victim else [],
        "state": found.state.label,
        "day": found.steps[-1].day,
        "due": due[0] if due else None,
        "due_words": _due_words(due),
        "owner": names((found.order.owner_id,)),
        "missing": len(missing(found)) if found.state is OrderState.DRAFTED else None,
    }


def _due_words(due: tuple[date, str] | None) -> str | None:
    if due is None:
        return None
    late = "late: " if due[0] < timezone.localdate() else ""
    return f"{late}{due[1]}, {format_date(due[0])}".capitalize() if late else f"{due[1]}, {format_date(due[0])}"


@dataclass(frozen=True)
class DraftPage:
    """The page on which an application is written: what the register offers, and what was chosen of it so far."""

    gathered: Gathered
    asked: QueryDict | None
    found: Standing | None = None

    @cached_property
    def _chosen(self) -> tuple[set[str], dict[str, str]]:
        """Numbers and sentences that are ticked: as just sent, as last saved, or as the page begins: own numbers, no sentence."""
        if self.asked is not None:
            keys, said = chosen_of(self.asked, self.gathered)
            return set(keys), {str(record): sentence for record, sentence in said.items()}
        if self.found is not None:
            grounds = {str(item.record_id): item.sentence for item in self.found.used_as(ItemUse.GROUND)}
            return {each.key for each in self.found.content.identifiers}, grounds
        return {each.key for each in self.gathered.identifiers if self._is_own(each.scheme, each.put_forward)}, {}

    @staticmethod
    def _is_own(scheme: str, put_forward: bool) -> bool:
        return scheme == "phone" and not put_forward

    @cached_property
    def identifiers(self) -> list[dict[str, object]]:
        """The numbers and devices to tick."""
        return [
            {
                "key": each.key,
                "words": f"{SCHEMES[each.scheme]} {format_phone(each.value)}",
                "period": format_span(each.from_date, each.to_date),
                "basis": each.basis,
                "put_forward": each.put_forward,
                "victim": each.victim_holds,
                "ticked": each.key in self._chosen[0],
                "records": [
                    (f"{names((record.owner_id,))} {record.ref}", reverse("record", args=[record.id]), record)
                    for record in each.records
                ],
            }
            for each in self.gathered.identifiers
        ]

    @cached_property
    def grounds(self) -> list[dict[str, object]]:
        """The dated items, each with the sentence to edit."""
        return [
            {
                "id": ground.record.id,
                "day": self.gathered.day_of(ground.record),
                "record": ground.record,
                "href": reverse("record", args=[ground.record.id]),
                "owner": names((ground.record.owner_id,)),
                "ticked": str(ground.record.id) in self._chosen[1],
                "sentence": self._chosen[1].get(str(ground.record.id), ground.sentence),
            }
            for ground in self.gathered.grounds
        ]

    @property
    def left_out(self) -> list[dict[str, object]]:
        """What does not go in, and why."""
        return [
            {
                "ref": left.record.ref,
                "href": reverse("record", args=[left.record.id]),
                "owner": names((left.record.owner_id,)),
                "grade": left.record,
                "why": left.why,
            }
            for left in self.gathered.left_out
        ]

    @property
    def victims(self) -> str:
        return victims_of(self.gathered.identifiers)


@dataclass(frozen=True)
class OrderPage:
    """One order's page."""

    found: Standing

    @cached_property
    def about(self) -> About:
        return about_of(self.found)

    @cached_property
    def missing(self) -> list[str]:
        return missing(self.found)

    @property
    def banner(self) -> str:
        return application().banner if self.found.is_application else ""

    @property
    def summary(self) -> list[Mapping[str, object]]:
        """The facts at the top, with the law as it is on file."""
        found, kind = self.found, self.found.kind
        due = next_due(found)
        about = {"key": "About", "value": self.about.name}
        if self.about.href:
            about |= {"href": self.about.href, "href_text": "Open"}
        return [
            {"key": "Kind", "value": kind.name},
            about,
            {"key": "Agency", "value": names((found.order.owner_id,))},
            {"key": "Next due", "value": _due_words(due) or "Nothing is due"},
            {"key": "Test", "value": kind.test},
            {"key": "Who applies", "value": kind.applicant},
            {"key": "Court", "value": kind.court},
            *([{"key": "Shortest length", "value": kind.shortest}] if kind.shortest else []),
            {"key": "Source of these", "value": kind.authority},
        ]

    @property
    def identifiers(self) -> list[dict[str, object]]:
        """The numbers and devices of an application, with how many visible records show each."""
        shown = [item.identifier for item in self.found.used_as(ItemUse.EVIDENCE)]
        return [
            {
                "words": each.words,
                "period": each.period,
                "basis": each.basis + (" (not confirmed)" if each.put_forward else ""),
                "records": shown.count(each.key),
            }
            for each in self.found.content.identifiers
        ]

    @property
    def grounds(self) -> list[dict[str, object]]:
        """The chronology."""
        return [_item_row(item) for item in self.found.used_as(ItemUse.GROUND)]

    @property
    def apart(self) -> list[dict[str, object]]:
        """What is kept apart."""
        return [_item_row(item) for item in self.found.used_as(ItemUse.APART)]

    @property
    def answers(self) -> list[tuple[str, str | None]]:
        """The parts, each with what was answered."""
        content: Content = self.found.content
        return [
            (part.title, content.answer(part.id) or None)
            for part in parts_of(self.found.order.kind)
            if content.answer(part.id) or part.is_needed(content.answers)
        ]

    @property
    def steps(self) -> list[dict[str, object]]:
        """What happened, the newest first."""
        return [
            {
                "state": step.get_state_display(),
                "day": step.day,
                "detail": _detail(step.detail),
                "reason": step.reason,
                "by": step.by,
                "agency": step.by_agency,
                "at": step.at,
            }
            for step in reversed(self.found.steps)
        ]

    @property
    def entries(self) -> list[dict[str, object]]:
        """The log, the newest first."""
        return [
            {
                "kind": EntryKind(entry.kind).label,
                "day": entry.day,
                "detail": _detail(entry.detail),
                "text": entry.text,
                "by": entry.by,
                "agency": entry.by_agency,
            }
            for entry in reversed(self.found.entries)
        ]

    @property
    def checks(self) -> list[dict[str, object]]:
        """The checks after service, in the order of days."""
        today = timezone.localdate()
        return [
            {
                "after": f"{each.after} {'day' if each.after == 1 else 'days'} after service",
                "due": each.due,
                "answer": CheckAnswer.WORDS[str(each.answer.detail["answer"])]
                if each.answer
                else "Late"
                if each.is_late(today)
                else None,
                "text": each.answer.text if each.answer else None,
                "by": each.answer.by if each.answer else None,
            }
            for each in check_backs(self.found)
        ]

    @property
    def downloads(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each document with the address of each of its formats."""
        if not self.found.is_application:
            return []
        return [
            (
                words,
                [(each.upper(), reverse("order-document", args=[self.found.order.id, name, each])) for each in FORMATS],
            )
            for name, words in DOCUMENTS.items()
        ]


def _item_row(item: OrderItem) -> dict[str, object]:
    record = item.record
    return {
        "day": record.occurred_from or record.made_at,
        "sentence": item.sentence,
        "grade": record,
        "ref": record.ref,
        "href": reverse("record", args=[record.id]),
        "owner": names((record.owner_id,)),
    }


def _detail(detail: Mapping[str, object]) -> str | None:
    """What a step or a line of the log holds, in one sentence."""
    said = [f"{_LABELS[name]}: {_value(name, value)}" for name, value in detail.items() if name in _LABELS]
    if "after" in detail:
        said.append(f"{detail['after']} days after service: {CheckAnswer.WORDS[str(detail['answer'])].lower()}")
    return "; ".join(said) or None


def _value(name: str, value: object) -> str:
    return format_date(str(value)) if name in ("comply_by", "until") else str(value)
