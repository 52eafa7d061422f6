"""Whom or what an order is about, as its viewer sees it; and whether records call somebody there a victim, who comes first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.entities.victims import victims
from crossline.lines.register import register
from crossline.orders.standing import Standing
from crossline.records.models import Assertion, Mention
from crossline.records.naming import name_of, tidy_brand
from crossline.vocabulary.codes import AssertionType, MentionKind

NOT_SHOWN = "Not shown to you"
_KINDS = {"person": MentionKind.PERSON, "address": MentionKind.ADDRESS}


@dataclass(frozen=True)
class About:
    """Whom or what an order is about. `victim`: a visible record calls them one, or somebody who lives there."""

    name: str
    href: str = ""
    victim: bool = False


def mention_for(viewpoint: Viewpoint, mention: UUID, about: str) -> Mention | None:
    """The visible mention that an order of a kind may be about: a person, or an address."""
    rows = viewpoint.visible(Mention.objects.filter(id=mention, kind=_KINDS.get(about, "")))
    return rows.first()


def about_of(found: Standing) -> About:
    """Whom or what one order is about."""
    viewpoint, order = found.viewpoint, found.order
    if order.line is not None:
        line = register(viewpoint).find(order.line)
        return About(tidy_brand(line.name) if line else order.title, reverse("line", args=[order.line]) if line else "")
    mention = mention_for(viewpoint, order.about, found.kind.about) if order.about else None
    return about_mention(viewpoint, mention) if mention else About(NOT_SHOWN)


def about_mention(viewpoint: Viewpoint, mention: Mention) -> About:
    """A person or an address, and whether a victim comes first."""
    page = "person" if mention.kind == MentionKind.PERSON else "thing"
    return About(name_of(mention), reverse(page, args=[mention.id]), _victim(viewpoint, mention))


def _victim(viewpoint: Viewpoint, mention: Mention) -> bool:
    suffering, known = victims(viewpoint), people(viewpoint)
    if mention.kind == MentionKind.PERSON:
        return known.of(str(mention.id)) in suffering
    same = {"to_mention__selector": mention.selector} if mention.selector else {"to_mention": mention}
    said = Assertion.objects.filter(type=AssertionType.LIVES_AT, from_mention__kind=MentionKind.PERSON, **same)
    rows = viewpoint.visible(said, "audience", "from_mention__audience", "to_mention__audience")
    return any(known.of(str(each)) in suffering for each in rows.values_list("from_mention_id", flat=True))
