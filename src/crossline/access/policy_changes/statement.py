"""A statement of the policy: short lines under the parts that they belong to, the digest that names them, and what differs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, order=True)
class Line:
    """One sentence of the policy, and the part of it that it belongs to."""

    part: str
    text: str

    def __str__(self) -> str:
        """As the digest takes it: on one line, whatever it says."""
        return " ".join(f"{self.part}: {self.text}".split())


@dataclass(frozen=True)
class Statement:
    """The policy, line by line, in an order that is always the same."""

    lines: tuple[Line, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the lines, each ended: two statements with the same lines in the same order have the same."""
        return hashlib.sha256("".join(f"{line}\n" for line in self.lines).encode()).hexdigest()

    def as_pairs(self) -> list[list[str]]:
        """As it is stored."""
        return [[line.part, line.text] for line in self.lines]

    @classmethod
    def of_pairs(cls, pairs: Iterable[Sequence[str]]) -> Statement:
        """From what was stored."""
        return cls(tuple(Line(part, text) for part, text in pairs))


_SUBJECT_WORDS = 4


@dataclass(frozen=True)
class Change:
    """A line that says something else than it did; one that is new, where there was none; or one that goes."""

    part: str
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Difference:
    """What one statement says that another does not."""

    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    only_order: bool

    @classmethod
    def between(cls, old: Statement, new: Statement) -> Difference:
        """From the old statement to the new one, each line in the order of its own statement."""
        added = tuple((Counter(new.lines) - Counter(old.lines)).elements())
        removed = tuple((Counter(old.lines) - Counter(new.lines)).elements())
        return cls(added, removed, not added and not removed and old.lines != new.lines)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Line by line, under its part: what was said of something beside what is said of it now."""
        new = list(self.added)
        found = []
        for line in self.removed:
            now = next((each for each in new if (each.part, _subject(each)) == (line.part, _subject(line))), None)
            if now is not None:
                new.remove(now)
            found.append(Change(line.part, line.text, None if now is None else now.text))
        found += [Change(line.part, None, line.text) for line in new]
        order = list(dict.fromkeys(line.part for line in (*self.removed, *self.added)))
        return tuple(sorted(found, key=lambda change: order.index(change.part)))


def _subject(line: Line) -> str:
    """What a line is about: what stands before its colon, or its first words."""
    before, colon, _ = line.text.partition(":")
    return before if colon else " ".join(line.text.split()[:_SUBJECT_WORDS])
