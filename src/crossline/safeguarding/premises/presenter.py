"""What the pages of the register of premises show, as plain rows; and what a housing partner is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.lines.in_words import names
from crossline.records.naming import caption_of, tidy_name
from crossline.safeguarding.premises.guide import GuideEntry, guide
from crossline.safeguarding.premises.models import PremisesEntryKind, PremisesState, TenantStanding
from crossline.safeguarding.premises.standing import AGAIN, PremisesStanding, premises_with
from crossline.wording import format_date

SHOWN: Final[Mapping[str, str]] = {"in_use": "May be in use", "due": "Something is due", "late": "Late"}
"""Which premises are listed, besides all."""


def is_shown(found: PremisesStanding, how: str) -> bool:
    """Whether premises are listed so; all are where nothing was chosen."""
    wanted = {"in_use": found.is_in_use, "due": found.due is not None, "late": found.is_late}
    return wanted.get(how, True)


def premises_row(found: PremisesStanding) -> dict[str, object]:
    """Premises in a row of a list."""
    due = found.due
    return {
        "address": caption_of(found.premises.about),
        "href": reverse("premises-page", args=[found.premises.id]),
        "categories": ["victim"] if found.victims else [],
        "state": found.state.label,
        "day": found.steps[-1].day,
        "tenants": "; ".join(sorted(tidy_name(row.about.caption) for row in found.victims)),
        "due": due[0] if due else None,
        "due_words": f"{'Late: ' if found.is_late else ''}{due[1]}, {format_date(due[0])}" if due else None,
        "is_late": found.is_late,
        "owner": names((found.premises.owner_id,)),
    }


def premises_of(viewpoint: Viewpoint, mentions: Collection[UUID]) -> list[dict[str, object]]:
    """The premises whose tenants the people of these mentions are, the newest first: a section of a person's page."""
    return [premises_row(found) for found in premises_with(viewpoint, mentions)]


@dataclass(frozen=True)
class HousingView:
    """What a housing partner is told: the address, what stands of the tenant, and ways to close. Nobody is named a suspect."""

    address: str
    words: str
    detail: str
    closures: tuple[str, ...]


def for_housing(found: PremisesStanding) -> HousingView:
    """What a housing partner is told of premises."""
    said = guide().housing
    which = "victim" if found.victims else "unknown"
    return HousingView(
        caption_of(found.premises.about),
        said[which],
        said[f"{which}_detail"],
        tuple(each.name for each in guide().closures),
    )


@dataclass(frozen=True)
class PremisesPage:
    """One entry's page."""

    found: PremisesStanding

    @property
    def address(self) -> str:
        return caption_of(self.found.premises.about)

    @property
    def housing(self) -> HousingView:
        return for_housing(self.found)

    @property
    def summary(self) -> list[dict[str, object]]:
        """The facts at the top."""
        found, due = self.found, self.found.due
        seen = found.entries_of(PremisesEntryKind.SIGNS)
        signs = {sign for entry in seen for sign in entry.detail.get("signs", ())}
        uses = {use for entry in seen for use in entry.detail.get("uses", ())}
        return [
            {
                "key": "Address",
                "value": self.address,
                "href": reverse("thing", args=[found.premises.about_id]),
                "href_text": "Open",
            },
            {"key": "Agency", "value": names((found.premises.owner_id,))},
            {"key": "Signs seen", "value": _listed(guide().signs, signs)},
            {"key": "Used", "value": _listed(guide().uses, uses)},
            {"key": "Next due", "value": f"{due[1]}, {format_date(due[0])}" if due else "Nothing is due"},
        ]

    @property
    def tenants(self) -> list[dict[str, object]]:
        """What stands of each tenant, victims first, then by name."""
        rows = [
            {
                "name": tidy_name(row.about.caption),
                "href": reverse("person", args=[row.about_id]),
                "categories": ["victim"] if row.standing == TenantStanding.VICTIM else [],
                "standing": TenantStanding(row.standing).label,
                "day": row.from_day,
                "ref": row.record.ref,
                "record_href": reverse("record", args=[row.record_id]),
                "reason": row.reason,
                "by": row.by,
            }
            for row in self.found.tenants.values()
        ]
        return sorted(rows, key=lambda row: (not row["categories"], str(row["name"]), str(row["href"])))

    @property
    def reviews(self) -> list[dict[str, object]]:
        """The reviews since they were made safe, in the order of days."""
        return [
            {
                "after": f"{each.after} days after they were made safe",
                "due": each.due,
                "answer": _answer(str(each.answer.detail["answer"])) if each.answer else None,
                "text": each.answer.text if each.answer else None,
            }
            for each in self.found.reviews
        ]

    @property
    def entries(self) -> list[dict[str, object]]:
        """The log, the newest first."""
        return [
            {
                "day": entry.day,
                "kind": PremisesEntryKind(entry.kind).label,
                "detail": _detail(entry.kind, entry.detail),
                "text": entry.text,
                "by": entry.by,
            }
            for entry in reversed(self.found.entries)
        ]

    @property
    def steps(self) -> list[dict[str, object]]:
        """How they came here, the newest first."""
        return [
            {
                "state": PremisesState(step.state).label,
                "day": step.day,
                "reason": step.reason,
                "by": step.by,
                "agency": step.by_agency,
            }
            for step in reversed(self.found.steps)
        ]


def visits_tallied(registered: Iterable[PremisesStanding]) -> list[tuple[str, int]]:
    """How many visits came to what, over all premises that the viewer sees, in the order of the list."""
    came = [entry.detail["outcome"] for found in registered for entry in found.entries_of(PremisesEntryKind.VISIT)]
    return [(each.name, came.count(each.id)) for each in guide().visits]


def _detail(kind: str, detail: Mapping[str, object]) -> str | None:
    """What a line of the log holds, in one sentence."""
    law = guide()
    if kind == PremisesEntryKind.VISIT:
        following = f"; next visit due {format_date(str(detail['next']))}" if "next" in detail else ""
        return f"{_listed(law.visits, {detail['outcome']})}{following}"
    if kind == PremisesEntryKind.SIGNS:
        both = [_listed(law.signs, set(_several(detail, "signs"))), _listed(law.uses, set(_several(detail, "uses")))]
        return "; ".join(filter(None, both))
    if kind == PremisesEntryKind.REVIEW:
        return f"{detail['after']} days after they were made safe: {_answer(str(detail['answer'])).lower()}"
    if kind == PremisesEntryKind.ORDER:
        return f"{_listed(law.closures, {detail['closure']})}, {detail['reference']}"
    return _listed(law.outcomes, {detail["outcome"]})


def _several(detail: Mapping[str, object], name: str) -> list[object]:
    value = detail.get(name)
    return list(value) if isinstance(value, list) else []


def _answer(said: str) -> str:
    return "In use again" if said == AGAIN else "Quiet"


def _listed(entries: Iterable[GuideEntry], chosen: set[object]) -> str | None:
    """The chosen entries of a list in its own order."""
    return "; ".join(each.name for each in entries if each.id in chosen) or None
