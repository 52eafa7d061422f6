"""What the page of concerns shows, as plain rows: people, each with the reasons why they are put forward."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason
from crossline.entities.clusters import people
from crossline.records.naming import tidy_name
from crossline.safeguarding.models import Concern
from crossline.safeguarding.queries import PersonOfConcern
from crossline.vocabulary.agencies import agencies
from crossline.wording import format_date

NEW: Final = timedelta(days=28)
"""Concerns of the last four weeks before the newest count as new. [D]"""
RECORDS_NAMED: Final = 6
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_AREA: Final = re.compile(r"\barea of ([a-z][a-z-]*)")


def person_rows(
    shown: Iterable[PersonOfConcern], answering: Mapping[UUID, list[dict[str, object]]] = MappingProxyType({})
) -> list[dict[str, object]]:
    """People of concern as the page lists them. `answering`: of each person, whose their cases are and what is due."""
    return [
        {
            "name": tidy_name(each.name),
            "href": reverse("concern", args=[each.person]),
            "answering": answering.get(each.person, []),
            "raised_at": each.raised_at,
            "agencies": ", ".join(_short(agency) for agency in each.agencies),
            "reasons": [_reason_row(reason, each.concerns) for reason in each.reasons],
        }
        for each in shown
    ]


def _reason_row(reason: str, concerns: Iterable[Concern]) -> dict[str, object]:
    """One reason once, with every record that gives it, the newest first."""
    of_it = sorted((c for c in concerns if c.reason == reason), key=lambda c: c.raised_at, reverse=True)
    rule = RULEBOOK.rules[ConcernReason(reason)]
    return {
        "wording": rule.wording,
        "source": rule.source,
        "version": rule.version,
        "sentence": in_plain_words(of_it[0].sentence),
        "records": [(c.record.ref, reverse("record", args=[c.record_id])) for c in of_it[:RECORDS_NAMED]],
        "more": max(len(of_it) - RECORDS_NAMED, 0),
    }


def in_plain_words(sentence: str) -> str:
    """An indicator's sentence with days and agencies as people write them."""
    with_days = _DAY.sub(lambda found: format_date(found[0]), sentence)
    return _AREA.sub(lambda found: f"area of {_full(found[1])}", with_days)


def new_among(raised: Iterable[PersonOfConcern]) -> int:
    """How many people have a concern of the last four weeks before the newest one."""
    days = [each.raised_at for each in raised]
    return sum(1 for day in days if day > max(days) - NEW) if days else 0


def of_person(viewpoint: Viewpoint, raised: Iterable[PersonOfConcern], person: str) -> list[PersonOfConcern]:
    """Those of one person, given by any of their mentions."""
    try:
        wanted = people(viewpoint).of(str(UUID(person)))
    except ValueError:
        return []
    return [each for each in raised if str(each.person) == wanted]


def _full(agency: str) -> str:
    known = agencies().get(agency)
    return known.name if known else agency


def _short(agency: str) -> str:
    known = agencies().get(agency)
    return known.short_name if known else agency
