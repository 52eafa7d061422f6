"""Names the room to Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "crossline.orders"
    label = "orders"
