"""Giving out a document of an order: made of one content in either format, audited as a disclosure, then handed over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.utils import timezone

from crossline.access.audit import Event, Subject, log
from crossline.access.receipt_numbers import receipt_number
from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UsageError
from crossline.exchange.ledger import OF_AN_ORDER
from crossline.exchange.stamp import MARKING
from crossline.lines.register import register
from crossline.orders import pdf, word
from crossline.orders.document import Block, Document
from crossline.orders.drafting import PURPOSE
from crossline.orders.law import application
from crossline.orders.models import OrderState
from crossline.orders.standing import Standing, may_prepare, order_of
from crossline.orders.withholding import withheld_among
from crossline.orders.written import Application, schedule_apart
from crossline.records.explaining import showed
from crossline.records.naming import tidy_brand
from crossline.records.withholding import Withheld
from crossline.wording import format_datetime

APPLICATION, SCHEDULE = "application", "schedule-of-items-kept-apart"
_WRITERS: Final[Mapping[str, tuple[Callable[..., bytes], str]]] = MappingProxyType(
    {"pdf": (pdf.as_pdf, pdf.CONTENT_TYPE), "docx": (word.as_docx, word.CONTENT_TYPE)}
)
FORMATS: Final = tuple(_WRITERS)
DOCUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {APPLICATION: "Application with draft order", SCHEDULE: "Schedule of items kept apart (not for service)"}
)


@dataclass(frozen=True)
class Given:
    """A document that is made and audited, to be handed over once the transaction has ended. `receipt` stands on every page."""

    content: bytes
    file_name: str
    content_type: str
    receipt: str


def give_document(*, order: UUID, document: str, format: str, viewpoint: Viewpoint) -> Given:  # noqa: A002  # the word of exports
    """Make a document of an application and write down that it left, to whom, and what tells this file from any other."""
    if document not in DOCUMENTS or format not in _WRITERS:
        raise UsageError(f"There is no document {document!r} as {format!r}.")
    found = order_of(viewpoint, order)
    if found is None or not found.is_application:
        raise NotPermitted("That application does not exist, or you may not see it.")
    if not may_prepare(viewpoint, found.order.owner_id):
        raise NotPermitted(
            "Only somebody who prepares orders of this agency, or of the centre, is given its documents."
        )
    now, receipt = timezone.now(), receipt_number("X")
    made = document_of(found, document, now=now, receipt=receipt)
    write, content_type = _WRITERS[format]
    content = write(made, made_at=now)
    showed(viewpoint, [item.record for item in found.items])
    detail: dict[str, object] = {
        "order": str(order),
        "document": document,
        "version": found.version.number,
        "format": format,
        "number": receipt,
        "records": sorted({str(item.record_id) for item in found.items}),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    log(Event.EXPORTED, by=viewpoint.viewer, about=Subject("export", OF_AN_ORDER, detail), purpose=PURPOSE)
    return Given(content, f"{found.ref.lower()}-{document}.{format}", content_type, receipt)


def document_of(found: Standing, document: str, *, now: datetime, receipt: str) -> Document:
    """A document as blocks, with nobody named whom this viewer knows to be withheld: whatever was known when it was written."""
    withheld = withheld_of(found)
    blocks: list[Block] = Application(found, withheld).blocks() if document == APPLICATION else schedule_apart(found)
    viewer = found.viewpoint.viewer
    draft = "" if _is_signed(found) else "DRAFT  "
    return Document(
        title=application().title if document == APPLICATION else DOCUMENTS[SCHEDULE],
        marking=f"{MARKING} · {'handle as the grades say' if document == APPLICATION else 'NOT FOR SERVICE'}",
        watermark=f"{draft}{viewer.username}  {now:%Y-%m-%d %H:%M}  {receipt}",
        given=f"{found.ref}, version {found.version.number}. Given to {viewer.name} ({viewer.agency}) on {format_datetime(now)}. "
        f"Receipt {receipt}.",
        blocks=blocks,
    )


def withheld_of(found: Standing) -> Withheld:
    """What a document of this order may not tell: of the records of its line, and of those it leans on."""
    viewpoint, order = found.viewpoint, found.order
    line = register(viewpoint).find(order.line) if order.line else None
    records = {item.record_id for item in found.items} | ({row.record for row in line.rows} if line else set())
    brands = [line.name, *line.group.brands] if line else []
    return withheld_among(viewpoint, records, but=[order.title, *brands, *map(tidy_brand, brands)])


def _is_signed(found: Standing) -> bool:
    signed = found.last(OrderState.SIGNED_OFF)
    return found.state != OrderState.DRAFTED and signed is not None and signed.version_id == found.version.id
