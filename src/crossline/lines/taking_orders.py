"""How a line takes its orders, read from what stands beside it in visible records: numbers that can be dialled, and handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossline.access.viewer import Viewpoint
from crossline.lines.models import LineOrders
from crossline.lines.rows import Beside, LineRow
from crossline.lines.standing import Returned
from crossline.lines.states import OrdersTaken
from crossline.vocabulary.codes import MentionKind, SubjectCategory
from crossline.vocabulary.selectors import normalise_handle


@dataclass(frozen=True)
class OrdersRule:
    """What shows that a line takes orders by telephone, and what that it takes them by social media or an app."""

    version: str
    authority: str


RULE: Final = OrdersRule(
    version="taking-orders-1",
    authority=(
        "[S] the 2025 annual report names new social-media lines, by encrypted apps and post; [D] how one is told: "
        "a number that can be dialled beside the line shows a telephone, a handle shows social media or an app"
    ),
)

_DIALLED: Final = re.compile(r"\+?[0-9]")
_HANDLE: Final = re.compile(r"(?:@\S+|[^\W\d_][\w.\-]*\s*:\s*\S+|[^\W\d_][\w.\-]{2,})")
"""What nobody can dial, in the numbers of a return, and is written as a name is: one word, or a platform and one."""


@dataclass(frozen=True)
class Shown:
    """One thing beside the line that shows how it takes orders, with the record that says so."""

    taken: OrdersTaken
    name: str
    row: LineRow


@dataclass(frozen=True)
class TakesOrders:
    """How a line takes its orders: what was declared, where it was, and what the records show in any case."""

    found: OrdersTaken
    shown: tuple[Shown, ...] = ()
    declared: LineOrders | None = None

    @property
    def taken(self) -> OrdersTaken:
        """What counts: the newest that a person declared, else what the records show."""
        return OrdersTaken(self.declared.taken) if self.declared is not None else self.found

    @property
    def handles(self) -> tuple[Shown, ...]:
        """What shows social media or an app."""
        return tuple(each for each in self.shown if each.taken is OrdersTaken.SOCIAL)


def takes_orders(rows: Iterable[LineRow], declared: Sequence[LineOrders] = ()) -> TakesOrders:
    """By the rule, from the newest return of each agency and every report; `declared`: of those returns, any order."""
    shown = sorted(
        (each for row in rows for beside in row.beside if (each := _shows(beside, row)) is not None),
        key=lambda each: (each.taken, each.name, each.row.day, each.row.ref),
    )
    newest = max(declared, key=lambda row: (row.decided_at, str(row.id)), default=None)
    if newest is not None and newest.taken == OrdersTaken.AS_FOUND:
        newest = None
    return TakesOrders(_of({each.taken for each in shown}), tuple(shown), newest)


def declared_orders(viewpoint: Viewpoint) -> Mapping[Returned, LineOrders]:
    """The newest visible declaration of each returned line."""
    newest: dict[Returned, LineOrders] = {}
    rows = viewpoint.visible(LineOrders.objects.order_by("decided_at", "id"), "audience", "record__audience")
    for row in rows:
        newest[row.owner_id, row.line_ref] = row
    return newest


def _of(kinds: set[OrdersTaken]) -> OrdersTaken:
    if len(kinds) > 1:
        return OrdersTaken.BOTH
    return next(iter(kinds), OrdersTaken.NOT_KNOWN)


def _shows(beside: Beside, row: LineRow) -> Shown | None:
    """Whatever a record calls a victim's is no way in which the line takes orders."""
    if beside.category == SubjectCategory.VICTIM:
        return None
    scheme, _, value = (beside.selector or "").partition(":")
    if beside.kind == MentionKind.PHONE:
        if scheme == "phone" and _DIALLED.match(value):
            return Shown(OrdersTaken.PHONE, value, row)
        handle = _undialled(beside.caption) if row.is_return and scheme in ("", "phone") else None
        return Shown(OrdersTaken.SOCIAL, handle, row) if handle else None
    if beside.kind == MentionKind.HANDLE and scheme == "handle":
        return Shown(OrdersTaken.SOCIAL, value, row)
    return None


def _undialled(written: str) -> str | None:
    """The handle in a number of a return; a number that was written wrongly, or words, are none."""
    return normalise_handle(written) if _HANDLE.fullmatch(written.strip()) else None
