"""What other rooms of safeguarding show on the page of one person's concerns: a tuple that whoever adds a room extends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint


@dataclass(frozen=True)
class SectionRow:
    """One line of a section: what it is, where it leads, and how it stands."""

    text: str
    href: str
    state: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page. `rows` gives what a viewpoint sees of these mentions of one person; nothing where there is none.

    `begin` gives the address at which somebody begins one about a mention, or nothing where the viewer may not.
    """

    title: str
    rows: Callable[[Viewpoint, Sequence[UUID]], Sequence[SectionRow]]
    begin: Callable[[Viewpoint, UUID], str] | None = None
    begin_text: str = ""


SECTIONS: Final[tuple[Section, ...]] = ()
"""In the order of the page. Each room of safeguarding adds its own."""
