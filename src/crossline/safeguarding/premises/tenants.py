"""Which tenants the register calls victims, as a viewer sees it: dated, on a record, and the newest word on each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.records.generation import Kept
from crossline.safeguarding.premises.models import TenantStanding, VictimTenant


def times_said(viewpoint: Viewpoint, premises: UUID) -> int:
    """How often somebody has said something of a tenant of premises: by it two people at once are told apart."""
    return _seen(viewpoint, VictimTenant.objects.filter(premises=premises)).count()


def _seen(viewpoint: Viewpoint, rows: QuerySet[VictimTenant]) -> QuerySet[VictimTenant]:
    return viewpoint.visible(rows, "audience", "about__audience", "record__audience")


def tenancies(viewpoint: Viewpoint) -> Mapping[tuple[UUID, str], VictimTenant]:
    """What stands, by premises and person."""
    seen = list(_seen(viewpoint, VictimTenant.objects.select_related("about", "record")).order_by("at", "id"))
    if not seen:
        return {}  # whoever everybody is need not be worked out for nobody
    known = people(viewpoint)
    return {(row.premises_id, known.of(str(row.about_id))): row for row in seen}


def _victim_tenants(viewpoint: Viewpoint) -> frozenset[UUID]:
    return frozenset(row.about_id for row in tenancies(viewpoint).values() if row.standing == TenantStanding.VICTIM)


_standing: Kept[frozenset[UUID]] = Kept(_victim_tenants)


def victim_tenants(viewpoint: Viewpoint) -> Iterable[UUID]:
    """A mention of each tenant whom the register calls a victim: entities/victims.py counts them with those of records."""
    return _standing(viewpoint)


def protected(viewpoint: Viewpoint) -> frozenset[str]:
    """The same as people of the viewer's: whom no export calls a suspect."""
    standing = _standing(viewpoint)
    return frozenset(map(people(viewpoint).of, map(str, standing))) if standing else frozenset()
