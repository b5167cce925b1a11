"""``manage.py process_clips``: prepare the films that wait, now, with a progress bar."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from tqdm import tqdm

from video.models import Clip
from video.pipeline.job import process_clip


def prepare(clip_id: int) -> bool:
    """Prepare one film in a thread of its own, and give its database connections back."""
    try:
        return process_clip(clip_id)
    finally:
        connections.close_all()


class Command(BaseCommand):
    """Prepare waiting films in this process instead of in the worker."""

    help = "Prepare the films that wait, now."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--parallel``: how many at a time."""
        parser.add_argument("--parallel", type=int, default=2, help="How many films at a time (default: 2).")

    def handle(self, *, parallel: int, **options: object) -> None:
        """Prepare them; safe to repeat and to break off."""
        logging.getLogger("video.pipeline").setLevel(logging.WARNING)  # the bar says it already
        if parallel < 1:
            raise CommandError("--parallel must be at least 1.")
        waiting = list(Clip.objects.waiting().values_list("pk", flat=True))
        if not waiting:
            self.stdout.write("No film waits.")
            return
        stopped = threading.Event()
        with ThreadPoolExecutor(max_workers=parallel) as pool:
            jobs = [pool.submit(lambda pk: not stopped.is_set() and prepare(pk), pk) for pk in waiting]
            try:
                for job in tqdm(as_completed(jobs), total=len(jobs), desc="Films", unit="film"):
                    job.result()
            except BaseException:
                stopped.set()
                raise
        self.report(waiting)

    def report(self, ids: list[int]) -> None:
        """Say what became of them; a refused film is the author's to see, not an error of the command."""
        refused = [clip for clip in Clip.objects.in_bulk(ids).values() if clip.state == Clip.State.FAILED]
        self.stdout.write(f"{len(ids) - len(refused)} films are ready.")
        for clip in refused:
            self.stderr.write(f"{clip.title}: {clip.failure}")
