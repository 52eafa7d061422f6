"""Names the room to Django."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "crossline.rights"
    label = "rights"
