"""What the page of overlaps shows, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.deconfliction.chains import Step
from crossline.deconfliction.overlaps import Hub, Overlap
from crossline.records.models import Record
from crossline.records.naming import tidy_brand, tidy_name
from crossline.wording import format_phone

SCHEMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "phone": "The same telephone number",
        "imei": "The same handset",
        "imsi": "The same SIM",
        "vrm": "The same vehicle",
        "address": "The same address",
        "account": "The same account",
        "handle": "The same online name",
        "person": "The same person, matched from both sides",
        "line": "The same line, on numbers that took over from each other",
    }
)
"""What two records share, by its scheme."""
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "phone": "Telephone number",
        "imei": "Handset",
        "imsi": "SIM",
        "vrm": "Vehicle",
        "address": "Address",
        "account": "Account",
        "handle": "Online name",
        "person": "Person",
        "line": "Line",
        "event": "Planned event",
    }
)


IF_CONFIRMED: Final = "The same line only if a change of number is right that nobody has confirmed"
_TIDIED: Final = MappingProxyType({"person": tidy_name, "line": tidy_brand})
"""What is shared though each side writes it differently."""


def shared_in_words(pair: Overlap, written: str | None = None) -> str:
    """What two records share, as people read it; `written`: how the first of them writes it."""
    if pair.scheme in _TIDIED:
        return _TIDIED[pair.scheme](pair.value)
    return value_in_words(pair.scheme, pair.value) if written is None else written


def reason_row(reason: Overlap, chain: Sequence[Step]) -> dict[str, object]:
    """One thing that two records share, and how each step from one to the other is known."""
    return {
        "shared": shared_in_words(reason),
        "kind": KINDS.get(reason.scheme, reason.scheme),
        "why": IF_CONFIRMED if reason.if_confirmed else SCHEMES.get(reason.scheme, reason.scheme),
        "chain": chain,
    }


def side_rows(pair: Overlap, records: Mapping[UUID, Record]) -> list[dict[str, object]]:
    """The two investigations and whom to ring, as each record says it."""
    return [
        {
            "ref": side.ref,
            "href": reverse("record", args=[side.record]),
            "agency": side.agency,
            "name": records[side.record].detail.get("name"),
            "status": records[side.record].detail.get("status"),
            "contact": records[side.record].detail.get("contact"),
        }
        for side in (pair.left, pair.right)
    ]


def overlap_row(pair: Overlap, written: Mapping[UUID, str], line_of: Mapping[UUID, str]) -> dict[str, object]:
    """A pair of records of two agencies, and the thing that both concern.

    `written`: how the first of them writes it; `line_of`: the line that the number of each mention belongs to.
    """
    return {
        "left": pair.left.ref,
        "left_href": reverse("record", args=[pair.left.record]),
        "left_agency": pair.left.agency,
        "right": pair.right.ref,
        "right_href": reverse("record", args=[pair.right.record]),
        "right_agency": pair.right.agency,
        "shared": shared_in_words(pair, written.get(pair.left.mention)),
        "shared_href": _page_of(pair, line_of),
        "why": IF_CONFIRMED if pair.if_confirmed else SCHEMES.get(pair.scheme, pair.scheme),
        "besides": len(pair.besides),
        "evidence": [("How it is known", reverse("overlap", args=[pair.left.record, pair.right.record]))],
    }


def hub_row(hub: Hub) -> dict[str, object]:
    """A value that too many agencies share to be a sign of anything."""
    return {
        "value": value_in_words(hub.scheme, hub.value),
        "kind": KINDS.get(hub.scheme, hub.scheme),
        "agencies": hub.agencies,
        "records": hub.records,
    }


def value_in_words(scheme: str, value: str) -> str:
    """A shared value as people read it."""
    if scheme == "phone":
        return format_phone(value)
    if scheme == "address":  # postcode|house|flat
        return ", ".join(part for part in reversed(value.split("|")) if part)
    return value


def _page_of(pair: Overlap, line_of: Mapping[UUID, str]) -> str:
    if pair.scheme == "line" and pair.left.mention in line_of:
        return reverse("line", args=[line_of[pair.left.mention]])
    return reverse("person" if pair.scheme == "person" else "thing", args=[pair.left.mention])
