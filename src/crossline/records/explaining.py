"""What explains that somebody reads a record: it is their own agency's, it bears on the task in hand, or nothing does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q

from crossline.access.policy import CENTRE
from crossline.access.viewer import Explanation, Shown, Task, TaskKind, Viewpoint
from crossline.records.decoys.finding import shown_as_mention, shown_as_record
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import MentionKind

MOST_SELECTORS: Final = 2_000
"""How many numbers, plates and the like one task is followed through."""


def showed(viewpoint: Viewpoint, records: Iterable[Record], *, listed: bool = False) -> None:
    """Say that a page shows these records, `listed` where it shows a line of each and opens none."""
    held = list(records)
    bearing = _bearing_on_task(viewpoint, held)
    viewpoint.shown.extend(
        Shown(record.id, record.owner_id, _explanation(viewpoint, record, record.id in bearing, listed))
        for record in held
    )


def _explanation(viewpoint: Viewpoint, record: Record, on_task: bool, listed: bool) -> Explanation:
    if record.owner_id == viewpoint.viewer.agency:
        return Explanation.OWN_AGENCY
    if on_task:
        return Explanation.TASK
    return Explanation.OVERVIEW if listed else Explanation.NONE


def _bearing_on_task(viewpoint: Viewpoint, records: list[Record]) -> set[UUID]:
    """Those of the records that name something the task is about. What was itself taken up is not explained by that."""
    if viewpoint.task is None or not records:
        return set()
    named = viewpoint.visible(
        Mention.objects.filter(record__in=records, selector__in=_about(viewpoint, viewpoint.task))
    )
    own_word = {viewpoint.task.id, getattr(task_mention(viewpoint, viewpoint.task), "record_id", None)}
    return set(named.values_list("record_id", flat=True)) - own_word


def _about(viewpoint: Viewpoint, task: Task) -> list[str]:
    """The numbers, plates, lines and addresses that a task is about, as the agency's own records name them.

    Else another's record, once taken up, would explain every other. The centre, with hardly a record of its own, goes by all.
    """
    start = task_mention(viewpoint, task)
    records = Record.objects.filter(id=task.id)
    if start is not None:
        same = Q(mention__id=start.id)
        same |= Q(mention__selector=start.selector, mention__kind=start.kind) if start.selector else Q()
        records = Record.objects.filter(same)
    if viewpoint.viewer.agency != CENTRE:
        records = records.filter(owner=viewpoint.viewer.agency)
    found = viewpoint.visible(records).values("id")
    mentions = viewpoint.visible(Mention.objects.filter(record__in=found).exclude(kind=MentionKind.PLACE))
    selectors = mentions.exclude(selector=None).order_by("selector").values_list("selector", flat=True).distinct()
    return [str(each) for each in selectors[:MOST_SELECTORS]]


def task_mention(viewpoint: Viewpoint, task: Task) -> Mention | None:
    """The mention that a task is about, where it is about one and the viewer sees it."""
    if task.kind is not TaskKind.MENTION:
        return None
    found = viewpoint.visible(Mention.objects.filter(id=task.id)).first()
    return found or _decoys_mention(viewpoint, task.id)


def _decoys_mention(viewpoint: Viewpoint, mention: UUID) -> Mention | None:
    for person in (True, False):
        if decoy := shown_as_mention(viewpoint, mention, person=person):
            return decoy.person if person else decoy.phone
    return None


def task_in_words(viewpoint: Viewpoint) -> str:
    """What the viewer is working on, as they would say it; empty when nothing, or when they may no longer see it."""
    task = viewpoint.task
    if task is None:
        return ""
    if task.kind is TaskKind.RECORD:
        record = viewpoint.visible(Record.objects.filter(id=task.id)).first()
        if record is None and (decoy := shown_as_record(viewpoint, task.id)):
            record = decoy.record
        return "" if record is None else (record.subject or record.ref)
    mention = task_mention(viewpoint, task)
    return "" if mention is None else mention.caption
