"""Names the room to Django."""

from django.apps import AppConfig


class AnsweringConfig(AppConfig):
    name = "crossline.safeguarding.answering"
    label = "answering"
