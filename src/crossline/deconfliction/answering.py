"""What an agency lets be answered to whoever asks about something that it works on: for all of it, or for one record."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import ProgrammingError, connection, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.checking import LONGEST_CONTACT
from crossline.deconfliction.functions import REFUSED, WHO_ANSWERS
from crossline.deconfliction.models import AnswerSetting
from crossline.deconfliction.rules import AnswerLevel
from crossline.errors import NotPermitted, UserError
from crossline.records.models import Record

PURPOSE: Final = "deconfliction answers"
LONGEST_CATEGORY: Final = 40
_WHO: Final = frozenset(map(Role, WHO_ANSWERS))


def set_answer(
    *, level: AnswerLevel, contact: str, category: str, viewpoint: Viewpoint, record: UUID | None = None
) -> None:
    """Set what is answered from now on: for the viewer's agency, or for one of its records that points at something."""
    found = None
    if record is not None:
        found = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency)).first()
        if found is None:
            raise NotPermitted("That record does not exist, or it is not your agency’s.")
    if not may_set(viewpoint):
        raise NotPermitted("Only an analyst or an information manager of the agency decides what it answers.")
    ring, word = contact.strip(), category.strip() if level is AnswerLevel.CONTACT_AND_CATEGORY else ""
    if len(ring) > LONGEST_CONTACT or (level is not AnswerLevel.SILENT and not ring):
        raise UserError(
            f"Say whom to ring, in up to {LONGEST_CONTACT} characters: that is what the answer consists of."
        )
    if len(word) > LONGEST_CATEGORY or (level is AnswerLevel.CONTACT_AND_CATEGORY and not word):
        raise UserError(f"Give the word for the kind of operation, in up to {LONGEST_CATEGORY} characters.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT crossline_deconflict_answer(%s, %s, %s, %s)", [record, str(level), ring, word])
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != REFUSED:
            raise
        raise UserError(
            "This record points at nothing: it is closed, restricted, or names nothing that can be asked about."
        ) from None
    which = "agency" if found is None else str(found.id)
    about = Subject("record" if found else "agency", which, {"level": str(level), "contact": ring, "category": word})
    log(Event.DECONFLICTION_ANSWER_SET, by=viewpoint.viewer, about=about, purpose=PURPOSE)


def may_set(viewpoint: Viewpoint) -> bool:
    """Whether the viewer decides what their agency answers."""
    return bool(viewpoint.viewer.roles & _WHO)


def settings_of(viewpoint: Viewpoint, record: Record | None = None) -> list[AnswerSetting]:
    """Every setting of the viewer's agency, or of one record of it with its revisions, the newest first."""
    about = "" if record is None else f"{record.source} {record.ref}"
    rows = AnswerSetting.objects.filter(agency=viewpoint.viewer.agency, about=about)
    return list(viewpoint.visible(rows).order_by("-set_at", "-id"))


def first_contact(viewpoint: Viewpoint) -> str:
    """Whom the viewer's agency lets others ring, which a form of a check begins with."""
    newest = next(iter(settings_of(viewpoint)), None)
    return newest.contact if newest else ""
