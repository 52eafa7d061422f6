"""Following another order: opening it about a person or premises, and saving what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.errors import NotPermitted, UserError
from crossline.orders.about import mention_for
from crossline.orders.content import Content
from crossline.orders.drafting import answered, begun, log_saved, opened, reason_given, saved, to_change
from crossline.orders.law import DDTRO, order_kinds, parts_of
from crossline.orders.models import Order, OrderVersion
from crossline.orders.standing import may_prepare
from crossline.records.decoys.finding import refuse_decoy


def kinds_about(about: str) -> list[str]:
    """The kinds of order that can be followed about a person, or about an address."""
    return [kind.id for kind in order_kinds().values() if kind.about == about and kind.id != DDTRO]


def follow_order(*, kind: str, about: UUID, answers: Mapping[str, str], reason: str, viewpoint: Viewpoint) -> Order:
    """Begin to follow an order of the viewer's agency about a visible person or address."""
    known = order_kinds().get(kind)
    if known is None or kind == DDTRO:
        raise UserError("Choose the kind of order from the list.")
    if mention_for(viewpoint, about, known.about) is None:
        refuse_decoy(viewpoint, person=about)
        raise NotPermitted("That person or place does not exist, or you may not see it.")
    if not may_prepare(viewpoint, viewpoint.viewer.agency):
        raise NotPermitted("Only an analyst, an investigator or an information manager follows an order.")
    why = reason_given(reason)
    content = Content(answered(parts_of(kind), answers))
    # Its title names nobody: whoever sees the order need not see the record that names them.
    made = opened(kind=kind, title=known.name, line=None, about=about, viewpoint=viewpoint)
    version = saved(made, content, why, number=1, viewpoint=viewpoint)
    begun(made, version, why, viewpoint)
    log_saved(made, version, viewpoint)
    return made


def save_followed(
    *, order: UUID, stood: int, answers: Mapping[str, str], reason: str, viewpoint: Viewpoint
) -> OrderVersion:
    """Save what is known of an order by now. Conditions that come later are lines of its log."""
    found = to_change(viewpoint, order, stood)
    content = Content(answered(parts_of(found.order.kind), answers))
    version = saved(found.order, content, reason_given(reason), number=stood + 1, viewpoint=viewpoint)
    log_saved(found.order, version, viewpoint)
    return version
