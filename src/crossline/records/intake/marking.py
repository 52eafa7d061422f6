"""Protective markings wherever a sender may have put one: what is marked above the ceiling is not stored, whatever the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crossline.vocabulary.grading import is_above_ceiling, read_marking

CLASSIFICATION = "classification"
MARKING_KEYS = frozenset(
    {CLASSIFICATION, "gsc", "marking", "protectivemarking", "securityclassification", "securitymarking"}
)
"""Keys and column names, folded to their letters, whose value is a marking."""


def folded(name: str) -> str:
    """A key's letters only, small: `Protective-Marking` and `protective_marking` are one."""
    return "".join(sign for sign in name.casefold() if sign.isalpha())


def marked_above(values: Any) -> bool:
    """Whether a mapping carries a marking above OFFICIAL-SENSITIVE, or a classification nobody here can read."""
    if not isinstance(values, Mapping):
        return False
    for name, value in values.items():
        if folded(str(name)) not in MARKING_KEYS or not str(value or "").strip():
            continue
        if is_above_ceiling(str(value)) or (folded(str(name)) == CLASSIFICATION and read_marking(str(value)) is None):
            return True
    return False


def marking_columns(names: Iterable[str]) -> list[str]:
    """The columns of a header that hold a marking."""
    return [name for name in names if folded(name) in MARKING_KEYS]
