"""How old somebody was on a day, from what records say: of several answers the youngest, so that a child stays a child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils import timezone

from crossline.records.models import Mention
from crossline.vocabulary.selectors import parse_partial_date

_DAYS_A_YEAR: Final = 365.25


def age_on(mentions: Iterable[Mention], when: datetime | None) -> int | None:
    """In whole years; None when no mention gives a date of birth or an age. `mentions` come with their records.

    A date of birth known in part counts as young as it allows, and an age that was stated grows from the day of its record.
    """
    moment = when or timezone.now()
    found = [age for mention in mentions if (age := _age(mention, moment)) is not None]
    return min(found, default=None)


def _age(mention: Mention, moment: datetime) -> int | None:
    read = parse_partial_date(mention.born) if mention.born else None
    born = read.evidence if read else None
    if born is not None:
        return max(born.age_range_on(timezone.localdate(moment))[0], 0)
    if mention.age is None:
        return None
    stated_on = mention.record.occurred_from or mention.record.made_at
    return max(int(mention.age + (moment - stated_on).days / _DAYS_A_YEAR), 0)
