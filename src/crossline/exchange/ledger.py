"""The disclosure ledger: what an agency's people took out, for whom, and how a file is known again.

It is the audit's own rows, which the database tells an information manager of the agency and nobody else
(`access.row_security.EXPORTS_TOLD`); nothing is kept twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection

from crossline.access.audit import Event
from crossline.exchange.stamp import OWN_USE

_TOLD: Final = "SELECT at, event, actor, subject, purpose, detail FROM crossline_exports_told() WHERE at >= %s"
SINCE_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
OF_AN_ORDER: Final = "order document"
"""How the audit calls a document of an order that left (orders/giving.py): what is asked of exports is asked of it too."""
_SHORTEST: Final = 12
"""So many signs of a fingerprint tell one file from all others that anybody has."""


@dataclass(frozen=True)
class Told:
    """One time that data left, as the audit says it."""

    at: datetime
    event: str
    actor: str
    what: str
    purpose: str
    detail: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        return str(self.detail.get("sha256", ""))

    @property
    def number(self) -> str:
        """The export's number; those of before there were numbers have none."""
        return str(self.detail.get("number", ""))

    def row(self) -> dict[str, object]:
        """As the ledger's page shows it."""
        of_subject = self.event == Event.SUBJECT_ACCESS_GIVEN
        return {
            "at": self.at,
            "number": self.number,
            "what": "Subject access pack" if of_subject else self.what.replace("-", " ").capitalize(),
            "format": "zip" if of_subject else str(self.detail.get("format", "")),
            "rows": self.detail.get("rows"),
            "by": self.actor,
            "recipients": "the person it is about" if of_subject else str(self.detail.get("recipients", OWN_USE)),
            "victims": "Named" if self.detail.get("victims_named") else "Withheld",
            "allowed_by": str(self.detail.get("allowed_by", "")),
            "sha256": self.sha256,
        }


def told(since: datetime = SINCE_EVER) -> list[Told]:
    """What left since then, the oldest first. Only within a viewpoint: the database asks who is looking."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [since])
        return [
            Told(at, event, actor, what, purpose, _read(detail))
            for at, event, actor, what, purpose, detail in cursor.fetchall()
        ]


def ledger() -> list[Told]:
    """The whole ledger of the viewer's agency, the newest first."""
    return told()[::-1]


def asked_for(left: Told, asked: str) -> bool:
    """Whether this is the export that a number names, or a SHA-256 fingerprint or enough of its beginning."""
    word = asked.casefold()
    by_fingerprint = len(word) >= _SHORTEST and left.sha256.startswith(word)
    return by_fingerprint or (left.number != "" and left.number.casefold() == word)


def _read(detail: Any) -> Mapping[str, Any]:
    return detail if isinstance(detail, dict) else dict(json.loads(detail))
