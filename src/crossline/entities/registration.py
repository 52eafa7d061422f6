"""Which release of the matching model is in force here, and for how many mentions it was registered.

Registered once, at the first matching or a full one: a weight then depends on the register, never on the rows of the day,
so a hidden record cannot move what somebody sees.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from crossline.access.asked_often import ask
from crossline.engines.resolution.model import Model, at_scale, released_model
from crossline.entities.models import RegisteredModel

_NEWEST: Final = "SELECT scale FROM entities_registeredmodel WHERE release = %s ORDER BY registered_at DESC LIMIT 1"


def model_for(mentions: int) -> Model:
    """The packaged release as it is for a collection of so many mentions; not in force before it is registered."""
    return at_scale(released_model(), mentions)


def register(model: Model) -> None:
    """Put a model in force, in the transaction that writes what it matched; one that was in force before is again."""
    said = {"release": released_model().version, "scale": model.scale, "registered_at": timezone.now()}
    RegisteredModel.objects.update_or_create(version=model.version, defaults=said)


def model_in_force() -> Model | None:
    """The model as registered, or None when nothing was matched yet or the packaged release is a newer one."""
    release = released_model()
    newest = ask(_NEWEST, [release.version])
    return release.of_scale(newest[0][0]) if newest else None
