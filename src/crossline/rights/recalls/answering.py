"""What is called back from whom, as a viewer sees it, and the one act: whoever has the thing says what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from crossline.access.audit import Event, Subject, log
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Tombstone
from crossline.rights.recalls.models import Answer, Holding, Recall, RecallAnswer

PURPOSE: Final = "recalls"
LONGEST_WORDS: Final = 1_000
OVERTAKEN: Final = "Somebody else answered since you opened it, so nothing was saved; read it again first."
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Standing:
    """One thing that was given out, every time that it was called back for a record that went, and what was answered."""

    recalls: tuple[Recall, ...]  # the oldest first
    answers: tuple[RecallAnswer, ...]  # to all of these, the oldest first

    @property
    def first(self) -> Recall:
        return self.recalls[0]

    @property
    def id(self) -> UUID:
        """By which its page is known."""
        return self.first.id

    @property
    def what(self) -> Holding:
        return Holding(self.first.what)

    @property
    def since(self) -> datetime:
        """When it was called back last."""
        return self.recalls[-1].at

    @property
    def open(self) -> tuple[Recall, ...]:
        """Those that nobody has answered yet."""
        answered = {answer.recall_id for answer in self.answers}
        return tuple(each for each in self.recalls if each.id not in answered)

    def is_of(self, viewpoint: Viewpoint) -> bool:
        """Whether this viewer has it, and can answer."""
        viewer = viewpoint.viewer
        return self.first.holder_id == viewer.agency and self.first.person in ("", viewer.username)


def recalls(viewpoint: Viewpoint) -> list[Standing]:
    """Everything called back that the viewer sees; what waits for an answer first, and of that what was called back last."""
    return _standings(viewpoint, _visible(viewpoint))


def recall_of(viewpoint: Viewpoint, recall: UUID) -> Standing | None:
    """The thing that one of its recalls names, or None where the viewer does not see it."""
    row = _visible(viewpoint).filter(id=recall).first()
    if row is None:
        return None
    of_it = {"what": row.what, "number": row.number, "holder": row.holder_id, "person": row.person}
    return next(iter(_standings(viewpoint, _visible(viewpoint).filter(**of_it))), None)


def _standings(viewpoint: Viewpoint, which: models.QuerySet[Recall]) -> list[Standing]:
    # Not the tombstone with it: whoever has the thing does not see that, and a join would lose the row.
    ordered = which.order_by("at", "number", "what", "holder_id", "person", "record_id")
    rows = list(ordered.select_related("holder"))
    answers: dict[UUID, list[RecallAnswer]] = defaultdict(list)
    told = viewpoint.visible(RecallAnswer.objects.filter(recall__in=rows)).order_by("at", "number", "recall")
    for answer in told:
        answers[answer.recall_id].append(answer)
    things: dict[_Key, list[Recall]] = defaultdict(list)
    for row in rows:
        things[row.what, row.number, row.holder_id, row.person].append(row)
    found = [
        Standing(tuple(each), tuple(sorted((a for row in each for a in answers[row.id]), key=_when)))
        for each in things.values()
    ]
    return sorted(found, key=_waits)


def answer_recall(*, recall: UUID, answer: Answer, words: str, stood: int, viewpoint: Viewpoint) -> Standing:
    """Say what became of a thing that was called back, for everything asked of it until now. Gives how it stands then.

    `stood`: how many answers there were when it was read. Raises UserError where something is kept without a reason.
    """
    found = recall_of(viewpoint, recall)
    if found is None:
        raise NotPermitted("There is no such recall.")
    if not found.is_of(viewpoint):
        raise NotPermitted("Whoever has it says what became of it.")
    if len(found.answers) != stood:
        raise MoveNotAllowed(OVERTAKEN)
    plain = words.strip()
    if len(plain) > LONGEST_WORDS:
        raise UserError(f"Say it in at most {LONGEST_WORDS:,} characters.")
    if answer is Answer.KEPT and not plain:
        raise UserError("Say why it has to be kept, and until when.")
    try:
        with transaction.atomic():
            asked = found.open or found.recalls
            RecallAnswer.objects.bulk_create(_answered(row, answer, plain, found, viewpoint) for row in asked)
            about = Subject("recall", str(found.id), {"what": str(found.what), "answer": str(answer)})
            log(Event.RECALL_ANSWERED, by=viewpoint.viewer, about=about, purpose=PURPOSE)
    except IntegrityError:
        raise MoveNotAllowed(OVERTAKEN) from None
    again = recall_of(viewpoint, recall)
    if again is None:
        raise NotPermitted("There is no such recall.")
    return again


def _answered(row: Recall, answer: Answer, words: str, found: Standing, viewpoint: Viewpoint) -> RecallAnswer:
    return RecallAnswer(
        recall=row,
        number=1 + sum(1 for each in found.answers if each.recall_id == row.id),
        answer=answer,
        words=words,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
        audience_id=row.audience_id,
    )


def _visible(viewpoint: Viewpoint) -> models.QuerySet[Recall]:
    """What the viewer has, and what was called back for a record whose tombstone they see."""
    viewer = viewpoint.viewer
    has = Q(holder=viewer.agency, person__in=("", viewer.username))
    stones = viewpoint.visible(Tombstone.objects.all()).values("id")
    return viewpoint.among(viewpoint.visible(Recall.objects.all()), has | Q(record__in=stones))


def _when(answer: RecallAnswer) -> tuple[datetime, int, str]:
    return answer.at, answer.number, str(answer.recall_id)


def _waits(each: Standing) -> tuple[bool, float, str, str, str]:
    return not each.open, -each.since.timestamp(), each.first.number, each.first.what, each.first.holder_id
