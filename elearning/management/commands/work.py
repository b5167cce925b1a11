"""The background worker, with a clock beside it that beats, reaps, reconciles and reminds."""

import logging
import threading
import uuid

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from elearning.jobs import put_back_lost_jobs, renew_lease, send_failed_mail_again

log = logging.getLogger("elearning.jobs")

BEAT_SECONDS = 20
RECONCILE_EVERY = 30  # beats: ten minutes


class Clock(threading.Thread):
    """What must happen by the clock while the worker is busy with a long job."""

    def __init__(self, worker_id: str, *, is_keeper: bool) -> None:
        super().__init__(name="clock", daemon=True)
        self.worker_id = worker_id
        self.is_keeper = is_keeper
        self.stopped = threading.Event()

    def run(self) -> None:
        """Tick until stopped; a database that is away is reported and tried again at the next tick."""
        beats = 0
        while not self.stopped.is_set():
            close_old_connections()
            try:
                self.tick(beats)
            except DatabaseError as error:
                log.warning("clock could not tick", extra={"kind": type(error).__name__})
            beats += 1
            self.stopped.wait(BEAT_SECONDS)

    def tick(self, beats: int) -> None:
        """One beat: renew the lease; the keeper also looks after lost jobs and films, mail, orders."""
        now = timezone.now()
        renew_lease(self.worker_id, now)
        if not self.is_keeper:
            return
        put_back_lost_jobs(now)
        call_command("reap_jobs", verbosity=0)
        send_failed_mail_again(now)
        if beats % RECONCILE_EVERY == 1:
            call_command("reconcile_orders", verbosity=0)
            call_command("send_reminders", verbosity=0)
            call_command("check_sums", nightly=True, verbosity=0)


class Command(BaseCommand):
    """``manage.py work``: run background jobs until stopped."""

    help = "Run background jobs (mail, papers, films) until stopped with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--queues`` keeps long film jobs apart from mail."""
        parser.add_argument(
            "--queues", default="*", help="Queues to serve, separated by commas (default: all)."
        )
        parser.add_argument("--batch", action="store_true", help="Do what is waiting, then stop.")

    def handle(self, *, queues: str, batch: bool, **options: object) -> None:
        """Work the queues in this thread, with the clock in another."""
        worker_id = uuid.uuid4().hex
        worker = Worker(
            queue_names=queues.split(","),
            interval=1,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        clock = Clock(worker_id, is_keeper=queues != "media")
        renew_lease(worker_id, timezone.now())
        if not batch:
            clock.start()
        worker.run()
        clock.stopped.set()
