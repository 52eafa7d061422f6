"""What changes who may see what: agencies, people and interned audiences. Each action checks, writes and audits at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import Agency, Audience, AudienceLabel, Label, Membership, Person
from crossline.access.policy import labels_for
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer
from crossline.errors import UserError
from crossline.vocabulary.agencies import agencies


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
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")
"""What somebody may be called: nothing that could pass for a process or the local administrator in the audit."""


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


@transaction.atomic
def enrol(
    *,
    username: str,
    name: str,
    agency: str,
    roles: Iterable[Role],
    password: str,
    by: Viewer | Process,
) -> Person:
    """Let somebody sign in, or bring their roles and password up to date. Labels follow from agency and roles."""
    if not USERNAME.fullmatch(username) or username == ADMINISTRATOR.username:
        raise UserError(f"{username!r} cannot be a user's name; use small letters, digits, dots and hyphens.")
    if not Agency.objects.filter(pk=agency).exists():
        raise UserError(f"There is no agency {agency!r}; use an id from the agency list, such as 'kent'.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise UserError(f"The password will not do: {' '.join(error.messages)}") from error
    held = sorted({Role(role) for role in roles})
    person, _ = Person.objects.get_or_create(
        username=username, defaults={"name": name, "agency_id": agency, "roles": held, "password": ""}
    )
    person.name, person.agency_id, person.roles = name, agency, held
    person.set_password(password)
    person.save()
    labels = labels_named(labels_for(agency=agency, roles=held))
    Membership.objects.filter(person=person).exclude(label__in=labels.values()).delete()
    Membership.objects.bulk_create(
        [Membership(person=person, label=label) for label in labels.values()], ignore_conflicts=True
    )
    log(
        Event.PERSON_ENROLLED,
        by=by,
        about=Subject("person", username, {"agency": agency, "roles": [str(role) for role in held]}),
        purpose="administration",
    )
    return person


@transaction.atomic
def end_access(*, username: str, reason: str, by: Viewer | Process) -> Person:
    """Somebody may no longer sign in, and sees nothing from their next request on. Their name stays on what they did."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise UserError(f"There is nobody called {username!r}; check the name.")
    if not reason.strip():
        raise UserError("Give the reason why access ends.")
    person.is_active = False
    person.save(update_fields=["is_active"])
    Membership.objects.filter(person=person).delete()
    about = Subject("person", username, {"reason": reason.strip()[:200]})
    log(Event.ACCESS_ENDED, by=by, about=about, purpose="administration")
    return person
