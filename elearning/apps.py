from django.apps import AppConfig


class ElearningConfig(AppConfig):
    """The project package as an app: commands, template tags, checks. No models."""

    name = "elearning"
    verbose_name = "Key person learning"
