"""What an application still lacks: each part that has to be answered, a number or device with evidence, a dated ground."""

from __future__ import annotations

from crossline.orders.about import about_of
from crossline.orders.content import Content
from crossline.orders.law import Part, application, parts_of
from crossline.orders.models import ItemUse
from crossline.orders.standing import Standing

SAFEGUARDING = "safeguarding_told"
"""The part that is needed where records call somebody a victim."""
IDENTIFIERS = "At least one number or device"
GROUNDS = "At least one dated ground"


def missing(found: Standing) -> list[str]:
    """Everything that is missing, in the words of the list on the page; empty when it can be signed off."""
    lacking = [part.title for part in missing_parts(found)]
    if not found.is_application:
        unasked = about_of(found).victim and not found.content.answer(SAFEGUARDING)
        return lacking + [part.title for part in parts_of(found.order.kind) if part.id == SAFEGUARDING and unasked]
    content = found.content
    if not content.identifiers:
        lacking.append(IDENTIFIERS)
    shown = {item.identifier for item in found.used_as(ItemUse.EVIDENCE)}
    lacking += [f"Evidence for {each.words}" for each in content.identifiers if each.key not in shown]
    if not found.used_as(ItemUse.GROUND):
        lacking.append(GROUNDS)
    return lacking


def missing_parts(found: Standing) -> list[Part]:
    """The parts that are needed and not answered."""
    content = found.content
    return [
        part for part in parts_of(found.order.kind) if part.is_needed(content.answers) and not _answered(part, content)
    ]


def _answered(part: Part, content: Content) -> bool:
    answer = content.answer(part.id)
    if part.kind == "rank":
        return answer in application().ranks
    return bool(answer) and (not part.choices or answer in part.choices)
