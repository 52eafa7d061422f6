"""How well a person's records hold together: the chain, the weakest link of it, and what inside speaks against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from crossline.engines.resolution.chains import Contradiction, Link, Speaks, chain, contradictions, weakest
from crossline.engines.resolution.clusters import Profile
from crossline.entities.pair_presenter import end_words, link_row
from crossline.entities.profile import PersonProfile
from crossline.records.models import Mention


@dataclass(frozen=True)
class Cohesion:
    """A person's links, strongest first, and what speaks against them being one person; with the mentions by id."""

    chain: Sequence[Link]
    against: Sequence[Contradiction]
    captions: Mapping[str, Mention]

    @property
    def links(self) -> list[dict[str, object]]:
        """The chain, the weakest link first."""
        return [link_row(link, self.captions) for link in reversed(self.chain)]

    @property
    def bridge(self) -> dict[str, object] | None:
        """The weakest link."""
        found = weakest(self.chain)
        return link_row(found, self.captions) if found else None

    @property
    def warnings(self) -> list[dict[str, object]]:
        """What speaks against it, each with the page of two mentions that show it."""
        return [self._told(found) for found in self.against if found.speaks is not Speaks.NOMINALS]

    @property
    def notes(self) -> list[dict[str, object]]:
        """What happens with one person, too: two nominals of one force."""
        return [self._told(found) for found in self.against if found.speaks is Speaks.NOMINALS]

    def _told(self, found: Contradiction) -> dict[str, object]:
        if found.left is None or found.right is None:
            return {"says": found.speaks.meaning, "pair": "", "href": None}
        ends = " and ".join(end_words(self.captions[end]) for end in (found.left, found.right))
        return {"says": found.speaks.meaning, "pair": ends, "href": reverse("match", args=[found.left, found.right])}


def cohesion_of(profile: PersonProfile) -> Cohesion:
    """What holds the mentions of a profile together; of one mention alone nothing."""
    captions = {str(mention.id): mention for mention in profile.mentions}
    around = profile.around
    if around is None:
        return Cohesion((), (), captions)
    facts = {mention: around.profiles.get(mention, Profile()) for mention in captions}
    nominals = {key: (mention.owner_id, mention.nominal) for key, mention in captions.items() if mention.nominal}
    return Cohesion(chain(captions, around.pairs, around.decisions), contradictions(facts, nominals), captions)
