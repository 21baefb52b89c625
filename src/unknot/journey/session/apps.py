"""The session step's label differs from its folder: `session` is close to Django's `sessions`."""

from django.apps import AppConfig


class SessionConfig(AppConfig):
    name = "unknot.journey.session"
    label = "care_session"
