"""Which release of the matching model is in force here, and for how many mentions it was registered.

Registered once, at the first matching or a full one: a weight then depends on the register, never on the rows of the day,
so a hidden record cannot move what somebody sees.
"""

from __future__ import annotations

from dataclasses import replace

from crossline.engines.resolution.model import Model, at_scale, released_model
from crossline.entities.models import RegisteredModel


def register_model(mentions: int) -> Model:
    """Register the packaged release for a collection of so many mentions; gives the model."""
    model = at_scale(released_model(), mentions)
    if not RegisteredModel.objects.filter(version=model.version).exists():
        RegisteredModel.objects.create(version=model.version, release=released_model().version, scale=model.scale)
    return model


def model_in_force() -> Model | None:
    """The model as registered, or None when nothing was matched yet or the packaged release is a newer one."""
    release = released_model()
    registered = RegisteredModel.objects.filter(release=release.version).order_by("-registered_at").first()
    return None if registered is None else replace(release, scale=registered.scale)
