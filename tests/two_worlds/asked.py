"""One thing that is asked of the site, and ids to ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crossline.records.models import Mention

ABSENT: Final = UUID(int=7)
ALSO_ABSENT: Final = UUID(int=8)


@dataclass(frozen=True)
class Request:
    """One thing that is asked."""

    address: str
    method: str = "GET"
    said: tuple[tuple[str, str], ...] = ()
    signed_in: bool = True


def ids(rows: Iterable[UUID]) -> list[str]:
    """Ids to ask for; of whoever sees no row, one that nothing has, so that they too ask every route."""
    return [str(each) for each in rows] or [str(ABSENT)]


def mentions(kinds: Iterable[str], audiences: frozenset[int]) -> list[str]:
    rows = Mention.objects.filter(kind__in=list(kinds), audience__in=audiences).order_by("kind", "caption", "id")
    return ids(rows.values_list("id", flat=True)[:14])
