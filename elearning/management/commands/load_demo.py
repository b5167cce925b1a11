"""``manage.py load_demo``: the demo's courses, films, settings, people, plans and journals."""

import logging

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from elearning.demo import DEMO_PASSWORD
from elearning.demo.load import count_steps, load_everything

# The bar says it already.
CHATTY_LOGGERS = ("wagtail", "audit", "practice", "teams", "billing")


class Command(BaseCommand):
    """Load the demo; what is there already is left as it is."""

    help = (
        "Load the demo: courses, films, settings, people, plans and journals. Safe to repeat: it adds what "
        "is missing and changes nothing that is there. Films are drawn once and then wait for process_clips."
    )

    def handle(self, **options: object) -> None:
        """Load everything, as of now, with a progress bar."""
        for name in CHATTY_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        with tqdm(total=count_steps(), desc="Demo", unit="step", disable=options["verbosity"] == 0) as bar:

            def say(words: str) -> None:
                bar.set_postfix_str(words)
                bar.update()

            load_everything(now=timezone.now(), say=say)
        if options["verbosity"]:
            self.stdout.write(f"Everyone’s password is: {DEMO_PASSWORD}")
