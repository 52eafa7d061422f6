"""Guardians for trafficked children: which local authorities have the service, as the centre was told, and which guardian it is.

Not every authority is covered [S], and which are is not invented here: each is “not known” until the centre writes it down
with its source. Direct worker or regional practice co-ordinator goes by the question on parental responsibility.
[S] domain notes 6.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from django.db import IntegrityError, transaction

from crossline.access.audit import Event, Subject, log
from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.safeguarding.nrm.models import Coverage, GuardianCoverage
from crossline.safeguarding.nrm.security import WHO_REFERS
from crossline.vocabulary.places import districts

LONGEST_SOURCE: Final = 300
WORKERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "No": "A direct worker: nobody in the United Kingdom has parental responsibility",
        "Yes": "A regional practice co-ordinator, who works through those who care for the child",
    }
)
"""Which guardian, by the answer about parental responsibility."""
FIND_OUT: Final = "Find out who has parental responsibility: it decides which guardian"


@dataclass(frozen=True)
class Guardian:
    """What is known of a guardian for one child."""

    worker: str
    authority: str
    coverage: Coverage
    source: str


@cache
def local_authorities() -> tuple[str, ...]:
    """The authorities that answer for children: counties and unitary authorities, in the order of the alphabet."""
    return tuple(sorted({each.utla_name for each in districts().values() if each.utla_name}))


def coverages(viewpoint: Viewpoint) -> Mapping[str, GuardianCoverage]:
    """What was last written down, by authority; whoever is missing is not known."""
    rows = viewpoint.visible(GuardianCoverage.objects.all()).order_by("authority", "number")
    return {row.authority: row for row in rows}


def guardian_of(viewpoint: Viewpoint, answers: Mapping[str, str]) -> Guardian:
    """Which guardian a child would have, by the answers of a referral."""
    authority = answers.get("local_authority", "")
    row = coverages(viewpoint).get(authority)
    return Guardian(
        WORKERS.get(answers.get("parental_responsibility", ""), FIND_OUT),
        authority,
        Coverage(row.coverage) if row else Coverage.NOT_KNOWN,
        row.source if row else "",
    )


def may_say_coverage(viewpoint: Viewpoint) -> bool:
    """Whether the viewer writes it down: a safeguarding lead of the centre."""
    return viewpoint.viewer.agency == CENTRE and bool(viewpoint.viewer.roles & WHO_REFERS)


def say_coverage(*, authority: str, coverage: str, source: str, viewpoint: Viewpoint) -> GuardianCoverage:
    """Write down whether an authority has the guardian service, and who says so."""
    if not may_say_coverage(viewpoint):
        raise NotPermitted("Only a safeguarding lead of the centre writes down where guardians are.")
    if authority not in local_authorities() or coverage not in Coverage.values:
        raise UserError("Choose the local authority and the answer from their lists.")
    if not 0 < len(source.strip()) <= LONGEST_SOURCE:
        raise UserError(f"Say who told you, or where it is published, in up to {LONGEST_SOURCE} characters.")
    before = coverages(viewpoint).get(authority)
    made = GuardianCoverage(
        authority=authority,
        number=before.number + 1 if before else 1,
        coverage=coverage,
        source=source.strip(),
        owner_id=CENTRE,
        by=viewpoint.viewer.username,
        by_agency=viewpoint.viewer.agency,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed("Somebody else wrote this down at the same moment; read it again first.") from None
    about = Subject("guardian coverage", authority, {"coverage": coverage})
    log(Event.GUARDIAN_COVERAGE_SAID, by=viewpoint.viewer, about=about, purpose="safeguarding")
    return made
