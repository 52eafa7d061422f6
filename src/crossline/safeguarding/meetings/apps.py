"""Names the sub-room to Django."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "crossline.safeguarding.meetings"
    label = "meetings"
