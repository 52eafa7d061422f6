"""What explains that somebody reads a record: it is their own agency's, it bears on the task in hand, or nothing does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from crossline.access.viewer import Explanation, Shown, Task, TaskKind, Viewpoint
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
    """Those of the records that name something the task is about."""
    if viewpoint.task is None or not records:
        return set()
    own, selectors = _about(viewpoint, viewpoint.task)
    ids = [record.id for record in records]
    named = viewpoint.visible(Mention.objects.filter(record__in=ids, selector__in=selectors))
    return (own & set(ids)) | set(named.values_list("record_id", flat=True))


def _about(viewpoint: Viewpoint, task: Task) -> tuple[set[UUID], list[str]]:
    """The records that a task is about and the numbers, plates, lines and addresses in them."""
    start = task_mention(viewpoint, task)
    if task.kind is TaskKind.RECORD:
        records = set(viewpoint.visible(Record.objects.filter(id=task.id)).values_list("id", flat=True))
    elif start is None:
        records = set()
    elif start.selector is None:
        records = {start.record_id}
    else:
        same = viewpoint.visible(Mention.objects.filter(selector=start.selector, kind=start.kind))
        records = set(same.values_list("record_id", flat=True)[:MOST_SELECTORS])
    mentions = viewpoint.visible(Mention.objects.filter(record__in=records).exclude(kind=MentionKind.PLACE))
    selectors = mentions.exclude(selector=None).order_by("selector").values_list("selector", flat=True).distinct()
    return records, [str(each) for each in selectors[:MOST_SELECTORS]]


def task_mention(viewpoint: Viewpoint, task: Task) -> Mention | None:
    """The mention that a task is about, where it is about one and the viewer sees it."""
    if task.kind is not TaskKind.MENTION:
        return None
    return viewpoint.visible(Mention.objects.filter(id=task.id)).first()


def task_in_words(viewpoint: Viewpoint) -> str:
    """What the viewer is working on, as they would say it; empty when nothing, or when they may no longer see it."""
    task = viewpoint.task
    if task is None:
        return ""
    if task.kind is TaskKind.RECORD:
        record = viewpoint.visible(Record.objects.filter(id=task.id)).first()
        return "" if record is None else (record.subject or record.ref)
    mention = task_mention(viewpoint, task)
    return "" if mention is None else mention.caption
