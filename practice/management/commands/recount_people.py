"""``manage.py recount_people``: how many people finished each session, counted again."""

from django.core.management.base import BaseCommand

from practice.services import tallies


class Command(BaseCommand):
    """Run by hand, after rows were changed past the site; says whether any number was wrong."""

    help = "Count again how many people of each setting finished a reflection on each session."

    def handle(self, **options: object) -> None:
        """Count, and say how many numbers were wrong."""
        wrong = tallies.recount_everything()
        if options.get("verbosity", 1):
            self.stdout.write(f"Numbers that were wrong: {wrong}.")
