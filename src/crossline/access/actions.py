"""What changes who may see what: agencies, labels and interned audiences here, people in access/people_actions.py."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction

from crossline.access.models import Agency, Audience, AudienceLabel, Label
from crossline.access.people_actions import end_access, enrol
from crossline.vocabulary.agencies import agencies

__all__ = ["end_access", "enrol", "fingerprint_of", "intern_audience", "labels_named", "load_agencies"]


def load_agencies() -> None:
    """Bring the agency table in line with the vocabulary. Idempotent."""
    Agency.objects.bulk_create(
        [
            Agency(
                id=entry.id,
                name=entry.name,
                short_name=entry.short_name,
                kind=entry.kind,
                country=entry.country or "",
                region=entry.region or "",
                rocu_id=entry.rocu_id or "",
            )
            for entry in agencies().values()
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "short_name", "kind", "country", "region", "rocu_id"],
    )


def labels_named(keys: Iterable[str]) -> dict[str, Label]:
    """The labels with these keys, made where they do not exist yet."""
    wanted = sorted(set(keys))
    Label.objects.bulk_create([Label(key=key) for key in wanted], ignore_conflicts=True)
    return {label.key: label for label in Label.objects.filter(key__in=wanted)}


LONGEST_FINGERPRINT = 600


def fingerprint_of(keys: Iterable[str]) -> str:
    """What makes an audience one: its labels in order, or their hash where a list of every force is longer than the column."""
    joined = " ".join(sorted(set(keys)))
    return joined if len(joined) <= LONGEST_FINGERPRINT else f"sha256 {hashlib.sha256(joined.encode()).hexdigest()}"


def intern_audience(labels: Iterable[str]) -> int:
    """The id of the audience that is exactly this set of labels. Concurrent callers get the same one."""
    keys = frozenset(labels)
    fingerprint = fingerprint_of(keys)
    existing = Audience.objects.filter(fingerprint=fingerprint).first()
    if existing is not None:
        return int(existing.pk)
    with transaction.atomic():
        named = labels_named(keys)
        audience, made = Audience.objects.get_or_create(fingerprint=fingerprint)
        if made:
            AudienceLabel.objects.bulk_create(
                [AudienceLabel(audience=audience, label=label) for label in named.values()], ignore_conflicts=True
            )
    return int(audience.pk)
