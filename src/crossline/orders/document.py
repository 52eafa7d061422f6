"""A document as blocks, from which both a PDF and a Word file are made: what one says, the other says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

LANGUAGE = "en-GB"


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 stands under the title."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `look`: plain, note (smaller), missing (marked), notice (in a frame)."""

    text: str
    look: str = "plain"


@dataclass(frozen=True)
class Numbered:
    """Numbered paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a header row. `widths` are shares."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a page of its own."""


@dataclass(frozen=True)
class Signature:
    """Lines to sign on."""

    labels: tuple[str, ...]


Block = Heading | Paragraph | Numbered | Table | NewPage | Signature


@dataclass(frozen=True)
class Document:
    """A document, with what stands on every page: its marking, the words behind the text, and who was given it."""

    title: str
    marking: str
    watermark: str
    given: str
    blocks: Sequence[Block] = field(default_factory=tuple)
