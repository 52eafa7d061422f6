"""How a mentioned thing is shown on every page: its words, and the page it leads to."""

from __future__ import annotations

from django.urls import reverse

from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_phone


def address_of(mention: Mention) -> str:
    """The page of a mentioned thing: a person's, a line's, or that of everything with the same value."""
    pages = {MentionKind.PERSON: "person", MentionKind.LINE: "line"}
    return reverse(pages.get(MentionKind(mention.kind), "thing"), args=[mention.id])


def caption_of(mention: Mention) -> str:
    """How a mentioned thing reads: as its record writes it, a telephone number as people read it."""
    scheme, _, value = (mention.selector or "").partition(":")
    return format_phone(value) if scheme == "phone" else mention.caption
