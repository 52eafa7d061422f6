"""Names the room to Django."""

from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "crossline.entities"
    label = "entities"
