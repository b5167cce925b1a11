"""``manage.py send_reminders``: tell managers that a rental ends."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing import services


class Command(BaseCommand):
    """Run every ten minutes by the worker's clock, or by cron. Safe to repeat and to run twice at once."""

    help = "Mail reminders 60, 30 and 7 days before the last day of a rental and the day before, each once."

    def handle(self, **options: object) -> None:
        """Send what is due today."""
        sent = services.send_reminders(now=timezone.now())
        if options.get("verbosity", 1):
            self.stdout.write(f"{sent} reminders sent.")
