"""Names the room to Django."""

from django.apps import AppConfig


class DeconflictionConfig(AppConfig):
    name = "crossline.deconfliction"
    label = "deconfliction"
