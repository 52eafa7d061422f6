"""Somebody's second factor: set up, asked for, ended. The secret lies encrypted; what was used once is used up.

Everything here works in the transaction of the person it concerns (`reading(viewer)`): row security shows a factor to its
owner, and to administrators that there is one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, models, transaction

from crossline.access import one_time_codes as codes
from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import RecoveryCode, SecondFactor, SecondFactorEnd, UsedCode
from crossline.access.viewer import Viewer
from crossline.errors import UserError

ISSUER: Final = "Crossline"
_NONCE: Final = 12


@dataclass(frozen=True)
class Standing:
    """What somebody may know of their own second factor."""

    since: datetime
    recovery_codes_left: int


def sealed(secret: bytes, person: UUID) -> bytes:
    """A secret encrypted for one person: moved to another's row it opens no more."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(settings.SECOND_FACTOR_KEY).encrypt(nonce, secret, person.bytes)


def opened(sealed_secret: bytes | memoryview, person: UUID) -> bytes | None:
    """The secret, or None where the key is another or the row was tampered with."""
    held = bytes(sealed_secret)
    try:
        return AESGCM(settings.SECOND_FACTOR_KEY).decrypt(held[:_NONCE], held[_NONCE:], person.bytes)
    except (InvalidTag, ValueError):
        return None


def recovery_hash(code: str, factor: UUID) -> str:
    """A keyed hash, so that a copy of the database alone tells no code."""
    return hmac.new(settings.SECOND_FACTOR_KEY, b"recovery" + factor.bytes + code.encode(), hashlib.sha256).hexdigest()


def factor_of(person: UUID) -> SecondFactor | None:
    """The second factor of a person that stands, if the viewer may know."""
    return _standing_factors(person).order_by("-made_at").first()


def with_factor(people: list[UUID]) -> frozenset[UUID]:
    """Which of these people have a second factor, as far as the viewer may know."""
    standing = SecondFactor.objects.filter(person__in=people, secondfactorend__isnull=True)
    return frozenset(standing.values_list("person_id", flat=True))


def add_second_factor(*, viewer: Viewer, secret: bytes, code: str) -> list[str]:
    """Take a device on once it has shown a right code. Gives the recovery codes, which are never shown again."""
    person = _person_id(viewer)
    step = codes.step_of(codes.as_typed(code), secret, seconds=time.time())
    if step is None:
        raise UserError("That code is not right. Check the clock of the device, and enter the code that it shows now.")
    with transaction.atomic():
        if factor_of(person) is not None:
            raise UserError("A second factor is set up already; remove it before you set up another.")
        factor = SecondFactor(person_id=person, secret=sealed(secret, person))
        factor.save(force_insert=True)
        UsedCode(factor=factor, used=_step_name(step)).save(force_insert=True)
        shown = codes.new_recovery_codes()
        RecoveryCode.objects.bulk_create(
            [RecoveryCode(factor=factor, hash=recovery_hash(each, factor.id)) for each in shown]
        )
        log(Event.SECOND_FACTOR_ADDED, by=viewer, about=Subject("person", viewer.username), purpose="sign in")
    return shown


def use_code(person: UUID, code: str) -> str | None:
    """Use up a code of this person: says "code" or "recovery", or None where it is wrong or was used before."""
    factor = factor_of(person)
    secret = None if factor is None else opened(factor.secret, person)
    if factor is None or secret is None:
        return None
    typed = codes.as_typed(code)
    step = codes.step_of(typed, secret, seconds=time.time())
    if step is not None:
        return "code" if _use(factor, _step_name(step)) else None
    recovery = RecoveryCode.objects.filter(factor=factor, hash=recovery_hash(typed, factor.id)).first()
    if recovery is not None and _use(factor, f"recovery {recovery.id}"):
        return "recovery"
    return None


def standing_of(person: UUID) -> Standing | None:
    """What a person's own page says of their second factor."""
    factor = factor_of(person)
    if factor is None:
        return None
    used = UsedCode.objects.filter(factor=factor, used__startswith="recovery ").count()
    return Standing(factor.made_at, RecoveryCode.objects.filter(factor=factor).count() - used)


def end_second_factor(*, person: UUID, username: str, by: Viewer | Process) -> None:
    """Whatever second factor somebody has counts no more. Who may is decided by whoever calls, and by row security."""
    who = by.username if isinstance(by, Viewer) else f"process:{by.name}"
    with transaction.atomic():
        for factor in _standing_factors(person).only("id"):
            SecondFactorEnd(factor_id=factor.id, ended_by=who).save(force_insert=True)
        log(Event.SECOND_FACTOR_ENDED, by=by, about=Subject("person", username), purpose="sign in")


def _standing_factors(person: UUID) -> models.QuerySet[SecondFactor]:
    return SecondFactor.objects.filter(person_id=person, secondfactorend__isnull=True)


def _use(factor: SecondFactor, name: str) -> bool:
    try:
        with transaction.atomic():
            UsedCode(factor=factor, used=name).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _step_name(step: int) -> str:
    return f"step {step}"


def _person_id(viewer: Viewer) -> UUID:
    if viewer.person_id is None:
        raise UserError("The local administrator does not sign in and has no second factor.")
    return viewer.person_id
