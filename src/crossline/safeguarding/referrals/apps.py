"""Names the sub-room to Django."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "crossline.safeguarding.referrals"
    label = "referrals"
