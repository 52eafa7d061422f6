"""How a mentioned thing is shown on every page: its words, and the page it leads to."""

from __future__ import annotations

import re
from typing import Final

from django.urls import reverse

from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_money, format_phone

_QUOTES: Final = "'\"\u2018\u2019\u201c\u201d"
_CAPITALS: Final = re.compile(r"\b[A-Z]{3,}\b")


def tidy_name(name: str) -> str:
    """A name without the capitals that some systems write: LEONARD Elliot HOOD is Leonard Elliot Hood; initials stay."""
    return _CAPITALS.sub(lambda found: found[0].capitalize(), name)


def tidy_brand(name: str) -> str:
    """A brand without the quotation marks and capitals of whoever wrote it down: 'LENNY' is Lenny; AJ stays."""
    return tidy_name(name.strip(_QUOTES).strip() or name)


def address_of(mention: Mention) -> str:
    """The page of a mentioned thing: a person's, a line's, or that of everything with the same value."""
    pages = {MentionKind.PERSON: "person", MentionKind.LINE: "line"}
    return reverse(pages.get(MentionKind(mention.kind), "thing"), args=[mention.id])


def caption_of(mention: Mention) -> str:
    """How a mentioned thing reads: as its record writes it, a telephone number as people read it."""
    scheme, _, value = (mention.selector or "").partition(":")
    if scheme == "phone":
        return format_phone(value)
    if mention.kind == MentionKind.ITEM and mention.detail.get("unit") == "gbp":
        return f"Cash, {format_money(mention.detail.get('value'), default='not counted')}"
    return mention.caption


def name_of(mention: Mention) -> str:
    """The same where what counts is who or what it is, not how a record writes it."""
    tidied = {MentionKind.PERSON: tidy_name, MentionKind.LINE: tidy_brand}
    return tidied.get(MentionKind(mention.kind), lambda _: caption_of(mention))(mention.caption)
