"""``manage.py reap_jobs``: put back films whose worker is gone."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from video.services import reap_lost_films


class Command(BaseCommand):
    """For the clock: every minute or so."""

    help = "Queue films again whose worker has been silent for two minutes."

    def handle(self, *, verbosity: int, **options: object) -> None:
        """Reap once."""
        count = reap_lost_films(now=timezone.now())
        if verbosity and count:
            self.stdout.write(f"{count} films queued again.")
