"""Who is a victim, said once for every page: any visible statement makes a person one, whatever else is said of them."""

from __future__ import annotations

from django.db.models import Q

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.generation import Kept
from crossline.records.models import Assertion
from crossline.vocabulary.codes import AssertionType, SubjectCategory

VICTIM_TYPES = frozenset({AssertionType.VICTIM_OF, AssertionType.EXPLOITED_BY})


def says_victim(*, type: str, category: str) -> bool:  # noqa: A002  # the contract's word
    """Whether a statement makes its subject a victim: by its category, or by what it says."""
    return category == SubjectCategory.VICTIM or type in VICTIM_TYPES


def _victims(viewpoint: Viewpoint) -> frozenset[str]:
    known = people(viewpoint)
    said = Assertion.objects.filter(Q(category=SubjectCategory.VICTIM) | Q(type__in=VICTIM_TYPES))
    subjects = viewpoint.visible(said.filter(from_mention__kind="person")).values_list("from_mention_id", flat=True)
    return frozenset(known.of(str(mention)) for mention in subjects)


victims: Kept[frozenset[str]] = Kept(_victims)
"""The people of a viewpoint whom any visible record calls a victim."""
