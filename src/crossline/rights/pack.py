"""Giving somebody what is held about them: decided by a person record by record, put into one ZIP, audited in one transaction."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UserError
from crossline.exchange.plain_formats import write_rows
from crossline.exchange.tables import Row
from crossline.records.decoys.finding import refuse_decoy
from crossline.records.one_at_a_time import claim
from crossline.rights.answer import Answer, SubjectRequest, answer
from crossline.rights.checks_told import CheckTold, checks_about
from crossline.rights.exports_told import exports_since
from crossline.rights.holding import Holding, held_about
from crossline.rights.schedule import COLUMNS
from crossline.rights.treatment import Treatment

FILE_NAME: Final = "subject-access-pack.zip"
LONGEST_REF: Final = 100
READ_FIRST: Final = "READ-ME-FIRST.txt"
TO_GIVE: Final = tuple(f"to-give/what-is-held-about-you.{kind}" for kind in ("html", "json"))
NOT_TO_GIVE: Final = tuple(f"not-to-give/{name}.csv" for name in ("schedule", "exports", "checks"))
_CHECK_COLUMNS: Final = ("at", "by", "number", "asked_about", "purpose")
_EXPORT_COLUMNS: Final = ("at", "by", "what", "format", "purpose", "sha256", "certainly_this_person")


@dataclass(frozen=True)
class Pack:
    """The ZIP, to be given out after the transaction that audited it has ended."""

    content: bytes
    file_name: str = FILE_NAME


def subject_access_pack(
    *, person: UUID, viewpoint: Viewpoint, request: SubjectRequest, decisions: Mapping[UUID, Treatment]
) -> Pack:
    """Everything that the agency holds about a person, as far as the viewer sees it and decided to give it.

    `person` is any visible mention of theirs; `decisions` has one entry for each record, no more and no fewer, so that
    nothing is given or withheld that nobody looked at.
    """
    _check(viewpoint, request)
    holding = held_about(viewpoint, person)
    if holding is None:
        refuse_decoy(viewpoint, person=person)
        raise NotPermitted("That person does not exist, or you may not see them.")
    if set(decisions) != {held.record.id for held in holding.records}:
        raise UserError(
            "The records about this person are not those that were decided about: some came or went meanwhile. "
            "Look at the list again and decide about each."
        )
    for held in holding.records:
        claim(held.record.id)
    now = timezone.now()
    since = min(held.record.received_at for held in holding.records)
    made = answer(
        holding,
        decisions,
        agency=viewpoint.viewer.agency,
        request=request,
        exports=exports_since(since, mentions=[mention.id for mention in holding.profile.mentions]),
        now=now,
    )
    content = _zipped(made, checks_about(viewpoint, holding.profile.mentions), now)
    log(
        Event.SUBJECT_ACCESS_GIVEN,
        by=viewpoint.viewer,
        about=Subject("person", str(holding.person), _detail(holding, decisions, request, content)),
        purpose="subject access",
    )
    return Pack(content)


def _check(viewpoint: Viewpoint, request: SubjectRequest) -> None:
    if Role.INFORMATION_MANAGER not in viewpoint.viewer.roles:
        raise NotPermitted("A subject access pack is made by an information manager; ask the one of your agency.")
    if not 0 < len(request.ref.strip()) <= LONGEST_REF:
        raise UserError(f"Give the reference of the request, up to {LONGEST_REF} characters.")
    if request.received > timezone.localdate():
        raise UserError("The day on which the request came lies ahead; give the day on which it was received.")
    if not request.identity_checked:
        raise UserError("Check who asks, and that they may ask for this person, before anything is given.")


def _detail(
    holding: Holding, decisions: Mapping[UUID, Treatment], request: SubjectRequest, content: bytes
) -> dict[str, object]:
    """What the audit keeps: which records, what was decided of each, and what tells this file from any other."""
    return {
        "request": request.ref.strip(),
        "received": request.received.isoformat(),
        "records": {str(held.record.id): str(decisions[held.record.id]) for held in holding.records},
        "decided": dict(Counter(map(str, decisions.values()))),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _zipped(made: Answer, checks: Iterable[CheckTold], now: datetime) -> bytes:
    """One ZIP with the files named above and no other."""
    exports: list[Row] = [
        (told.at, told.actor, told.what, told.format, told.purpose, told.sha256, "yes" if told.certain else "may be")
        for told in made.exports
    ]
    contents = {
        READ_FIRST: render_to_string("rights/read_first.txt", {"given": made.given}).encode(),
        TO_GIVE[0]: render_to_string("rights/pack.html", {"given": made.given}).encode(),
        TO_GIVE[1]: json.dumps(made.given, ensure_ascii=False, indent=2).encode(),
        NOT_TO_GIVE[0]: _csv(COLUMNS, (row.values for row in made.schedule)),
        NOT_TO_GIVE[1]: _csv(_EXPORT_COLUMNS, exports),
        NOT_TO_GIVE[2]: _csv(
            _CHECK_COLUMNS, ((each.at, each.asked_by, each.number, each.value, each.purpose) for each in checks)
        ),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return file.getvalue()


def _csv(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    """Rows under a header, with what a spreadsheet would run made inert."""
    out = io.BytesIO()
    write_rows(columns, rows, out)
    return out.getvalue()
