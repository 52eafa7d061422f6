"""Names the room to Django."""

from django.apps import AppConfig


class RecallsConfig(AppConfig):
    name = "crossline.rights.recalls"
    label = "recalls"
