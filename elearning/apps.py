from django.apps import AppConfig


class ElearningConfig(AppConfig):
    """The project package as an app: commands, template tags, checks. No models."""

    name = "elearning"
    verbose_name = "Familiar Faces"

    def ready(self) -> None:
        """Register the checks at start."""
        from elearning import checks  # noqa: F401 - registers itself
