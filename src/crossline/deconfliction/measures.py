"""How well deconfliction works: precision, and time to resolution, of one's own agency and for the centre of all together.

Counted from outcomes that people recorded. Whoever is silent is in no count that somebody else reads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db import connection
from django.utils import timezone

from crossline.access.audit import Event
from crossline.access.models import AuditEvent
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.models import Check, CheckOutcome
from crossline.deconfliction.rules import ALIKE_SHOWN, MISSES_SHOWN, AnswerBody, Resolution


@dataclass(frozen=True)
class Measured:
    """Checks, how many met somebody, and by outcome how many and the median of hours until the first was recorded."""

    checks: int
    met: int
    states: Mapping[Resolution, tuple[int, float]]
    hours: float | None

    @property
    def resolved(self) -> int:
        return sum(number for number, _ in self.states.values())

    @property
    def precision(self) -> float | None:
        """Of checks with an outcome, the share that were the same target."""
        if not self.resolved:
            return None
        return 1 - self.states.get(Resolution.FALSE_MATCH, (0, 0.0))[0] / self.resolved


@dataclass(frozen=True)
class TryingOut:
    """Somebody who asked often in a day and met nobody nearly always, or about many values that are alike."""

    who: str
    asked: int
    missed: int
    alike: int


def of_own_agency(viewpoint: Viewpoint) -> Measured:
    """Checks that the viewer's agency asked, and outcomes of those and of others' that concerned it."""
    own = viewpoint.visible(Check.objects.filter(agency=viewpoint.viewer.agency))
    newest: dict[tuple[object, str], Resolution] = {}
    first: dict[tuple[object, str], float] = {}
    for each in viewpoint.visible(CheckOutcome.objects.all()).order_by("recorded_at", "id"):
        between = (each.asked_id, each.other_agency)
        newest[between] = Resolution(each.state)
        first.setdefault(between, (each.recorded_at - each.asked_at).total_seconds() / 3600)
    return Measured(
        own.count(),
        own.filter(body=AnswerBody.MET).count(),
        _by_state((state, first[between]) for between, state in newest.items()),
        median(first.values()) if first else None,
    )


def overall(viewpoint: Viewpoint) -> Measured | None:
    """Of all agencies together, which the centre alone is told; None for anybody else."""
    if viewpoint.viewer.agency != CENTRE or viewpoint.viewer.person_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, number, median_hours FROM crossline_deconflict_counts()")
        found = {state: (number, hours) for state, number, hours in cursor.fetchall()}
    if not found:
        return None
    states = {state: found[state] for state in Resolution if state in found}
    return Measured(found["checks"][0], found["met"][0], states, found["all"][1])


def trying_out(viewpoint: Viewpoint) -> list[TryingOut]:
    """People of the agency who may have tried values out within a day: its auditors' and information managers' to see."""
    since = timezone.now() - timedelta(days=1)
    rows = AuditEvent.objects.filter(
        event=Event.DECONFLICTION_CHECKED, actor_agency=viewpoint.viewer.agency, at__gte=since
    )
    asked: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    for actor, detail in rows.values_list("actor", "detail"):
        number = int(detail.get("rows", 1))
        asked[actor] += number
        missed[actor] += max(0, number - int(detail.get("met", 0)))
        alike[actor] = max(alike[actor], int(detail.get("alike", 1)))
    return [
        TryingOut(who, number, missed[who], alike[who])
        for who, number in asked.most_common()
        if (number >= MISSES_SHOWN and missed[who] * 10 >= number * 9) or alike[who] >= ALIKE_SHOWN
    ]


def _by_state(found: Iterable[tuple[Resolution, float]]) -> dict[Resolution, tuple[int, float]]:
    hours: dict[Resolution, list[float]] = defaultdict(list)
    for state, taken in found:
        hours[state].append(taken)
    return {state: (len(hours[state]), median(hours[state])) for state in Resolution if state in hours}
