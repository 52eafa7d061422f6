"""How an order stands for its viewer: the order, its newest text, what that leans on, its steps and its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.lines.applicants import WHO_PREPARES
from crossline.orders.content import Content
from crossline.orders.law import DDTRO, OrderKind, order_kinds
from crossline.orders.models import (
    EntryKind,
    ItemUse,
    Order,
    OrderEntry,
    OrderItem,
    OrderState,
    OrderStep,
    OrderVersion,
)


@dataclass(frozen=True)
class Standing:
    """One order with everything of it that the viewer sees."""

    viewpoint: Viewpoint
    order: Order
    versions: Sequence[OrderVersion]
    steps: Sequence[OrderStep]
    entries: Sequence[OrderEntry]

    @property
    def kind(self) -> OrderKind:
        return order_kinds()[self.order.kind]

    @property
    def ref(self) -> str:
        """What people call it by."""
        return f"{self.kind.short.upper().replace(' ', '-')}-{str(self.order.id)[:8].upper()}"

    @property
    def state(self) -> OrderState:
        return OrderState(self.steps[-1].state)

    @property
    def is_application(self) -> bool:
        """Whether its application is drawn up here."""
        return self.order.kind == DDTRO

    @property
    def version(self) -> OrderVersion:
        return self.versions[-1]

    @cached_property
    def content(self) -> Content:
        return Content.read(self.version.content)

    @cached_property
    def items(self) -> list[OrderItem]:
        """What the newest text leans on, as far as the viewer sees the records too."""
        rows = OrderItem.objects.filter(version=self.version).select_related("record")
        found = self.viewpoint.visible(rows, "audience", "record__audience")
        return sorted(found, key=_in_time)

    def used_as(self, use: ItemUse) -> list[OrderItem]:
        """The items of one use, the oldest first."""
        return [item for item in self.items if item.use == use]

    def last(self, *states: OrderState) -> OrderStep | None:
        """The newest step to one of these states."""
        return next((step for step in reversed(self.steps) if step.state in states), None)

    def entries_of(self, kind: EntryKind) -> list[OrderEntry]:
        return [entry for entry in self.entries if entry.kind == kind]

    @property
    def until(self) -> date | None:
        """The day on which it ends, as it was last granted or varied."""
        for step in reversed(self.steps):
            if said := str(step.detail.get("until") or ""):
                return date.fromisoformat(said)
        return None


def _in_time(item: OrderItem) -> tuple[datetime, str, str, str]:
    """By when its record happened; of two at once, always the same one first."""
    record = item.record
    return record.occurred_from or record.made_at, record.owner_id, record.ref, str(item.id)


def may_prepare(viewpoint: Viewpoint, owner: str) -> bool:
    """Whether the viewer prepares and follows orders of an agency."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_PREPARES) and viewer.agency in (owner, CENTRE)


def order_of(viewpoint: Viewpoint, order: UUID) -> Standing | None:
    """One order; a hidden one is none."""
    return next(iter(_standing(viewpoint, Order.objects.filter(id=order))), None)


def orders(viewpoint: Viewpoint) -> list[Standing]:
    """Every order that the viewer sees, the newest first."""
    return _standing(viewpoint, Order.objects.all())


def _standing(viewpoint: Viewpoint, which: QuerySet[Order]) -> list[Standing]:
    held = list(viewpoint.visible(which).order_by("-opened_at", "id"))
    ids = [order.id for order in held]
    versions: dict[UUID, list[OrderVersion]] = {each: [] for each in ids}
    steps: dict[UUID, list[OrderStep]] = {each: [] for each in ids}
    entries: dict[UUID, list[OrderEntry]] = {each: [] for each in ids}
    for version in viewpoint.visible(OrderVersion.objects.filter(order__in=ids)).order_by("number"):
        versions[version.order_id].append(version)
    for step in viewpoint.visible(OrderStep.objects.filter(order__in=ids)).order_by("number"):
        steps[step.order_id].append(step)
    for entry in viewpoint.visible(OrderEntry.objects.filter(order__in=ids)).order_by("day", "at", "id"):
        entries[entry.order_id].append(entry)
    return [Standing(viewpoint, each, versions[each.id], steps[each.id], entries[each.id]) for each in held]
