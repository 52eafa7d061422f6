"""The two walls, each of which can be made to stand alone: the filter of every query, and row security below it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from crossline.access.viewer import Viewpoint


class Walls(StrEnum):
    """What stands between a viewer and what is hidden."""

    BOTH = "both"
    FILTER_ALONE = "the filter alone"
    ROW_SECURITY_ALONE = "row security alone"


def _everything(viewpoint: Viewpoint, rows: Any, *fields: str) -> Any:
    return rows


def _no_clause(viewpoint: Viewpoint, *columns: str) -> tuple[str, list[list[int]]]:
    return "TRUE", []


@contextmanager
def standing(walls: Walls, builders: Any) -> Iterator[None]:
    """Ask with these walls standing: the database's superuser, whom no policy binds, or queries that filter nothing."""
    role = "none" if walls is Walls.FILTER_ALONE else "crossline_web"
    if walls is Walls.ROW_SECURITY_ALONE:
        with (
            patch.object(Viewpoint, "visible", _everything),
            patch.object(Viewpoint, "among", _everything),
            patch.object(Viewpoint, "clause", _no_clause),
            builders.role(role),
        ):
            yield
    else:
        with builders.role(role):
            yield
