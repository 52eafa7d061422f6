"""Which state of the store something was computed from, so that work is kept until the store moves on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db.models import Count, Max, QuerySet

from crossline.access.viewer import Viewpoint
from crossline.records.models import Change

Result = TypeVar("Result")


def generation(apart: Iterable[QuerySet[Any]] = ()) -> str:
    """Names the present state. Count and maximum, because of two changes the later number may commit first.

    `apart`: queries that give the numbers of changes which are to count for nothing.
    """
    changes = Change.objects.all()
    for numbers in apart:
        changes = changes.exclude(id__in=numbers)
    found = changes.aggregate(number=Count("id"), last=Max("id"))
    return f"{found['number']}/{found['last']}"


def advance() -> int:
    """Say, in the transaction of a change, that what was computed before it is out of date. Gives the change's number."""
    return int(Change.objects.create().pk)


class Kept(Generic[Result]):
    """Results of costly queries, kept for viewers of exactly the same rows while the store stands still.

    The key holds the set of audiences the viewer sees: what was computed for one never serves somebody who sees less.
    """

    def __init__(
        self, compute: Callable[[Viewpoint], Result], *, keep: int = 16, state: Callable[[Viewpoint], str] | None = None
    ) -> None:
        """`state`: names the state of what the result depends on, where that is not everything."""
        self._compute = compute
        self._state = state
        self._keep = keep
        self._lock = Lock()
        self._results: OrderedDict[tuple[str, str], Result] = OrderedDict()

    def __call__(self, viewpoint: Viewpoint) -> Result:
        """The result for this viewpoint, computed now unless it is still good."""
        key = (viewpoint.key, self._state(viewpoint) if self._state else generation())
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = self._compute(viewpoint)
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._keep:
                self._results.popitem(last=False)
        return result

    def forget(self) -> None:
        """Drop everything kept."""
        with self._lock:
            self._results.clear()
