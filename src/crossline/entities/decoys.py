"""The pages of a decoy's person and number: profiles of one record that is in no table, for pages that have found no other."""

from __future__ import annotations

from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.entities.profile import PersonProfile, Statement
from crossline.entities.things import Said, ThingProfile
from crossline.records.decoys.finding import shown_as_mention
from crossline.vocabulary.codes import MentionKind


def decoy_person(viewpoint: Viewpoint, mention: UUID) -> PersonProfile | None:
    """The person of a decoy, whom one record names and nothing was matched to."""
    found = shown_as_mention(viewpoint, mention, person=True)
    if found is None:
        return None
    statement = Statement(found.said, found.record, found.person, found.phone, outward=True)
    return PersonProfile(found.person.id, [found.person], [found.record], [statement], [], [])


def decoy_thing(viewpoint: Viewpoint, mention: UUID) -> ThingProfile | None:
    """The number of a decoy, which its person uses."""
    found = shown_as_mention(viewpoint, mention, person=False)
    if found is None:
        return None
    said = Said(found.record, found.said.type, False, found.person, found.said.basis)
    kind = MentionKind(found.phone.kind).meaning
    return ThingProfile(kind, found.phone.caption, [found.phone], [found.record], [said])
