"""Background jobs that are neither lost nor stuck: leases, attempts and a reaper over django-tasks-db.

A worker that is killed leaves its job RUNNING for ever, because the package has no lease. So each worker
beats in the shared cache, and a job whose worker fell silent goes back to the queue, three times at most.
Jobs must therefore be safe to run twice, and carry ids only: arguments and tracebacks are stored.
"""

import datetime as dt
import logging

from django.core.cache import cache
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from elearning.health import beat

log = logging.getLogger("elearning.jobs")

LEASE = dt.timedelta(minutes=2)
MAX_ATTEMPTS = 3
MAIL_QUEUE = "mail"
MAIL_ATTEMPTS = 6


def _lease_key(worker_id: str) -> str:
    return f"worker-lease:{worker_id}"


def renew_lease(worker_id: str, now: dt.datetime) -> None:
    """Say that this worker is alive; its jobs stay its own for two minutes."""
    cache.set(_lease_key(worker_id), now.isoformat(), timeout=int(LEASE.total_seconds()))
    beat(now)


def is_lost(job: DBTaskResult, now: dt.datetime) -> bool:
    """Whether a RUNNING job's worker has fallen silent for longer than its lease."""
    if job.started_at is None or now - job.started_at < LEASE:
        return False
    return not job.worker_ids or cache.get(_lease_key(job.worker_ids[-1])) is None


def put_back_lost_jobs(now: dt.datetime) -> int:
    """Put jobs of dead workers back into the queue, or fail them after three attempts; return how many."""
    touched = 0
    with transaction.atomic():
        for job in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            if not is_lost(job, now):
                continue
            is_spent = len(job.worker_ids) >= MAX_ATTEMPTS
            job.status = TaskResultStatus.FAILED if is_spent else TaskResultStatus.READY
            job.finished_at = now if is_spent else None
            job.exception_class_path = "elearning.jobs.LostTooOftenError" if is_spent else ""
            job.save(update_fields=["status", "finished_at", "exception_class_path"])
            log.warning("job lost", extra={"job_id": str(job.id), "is_spent": is_spent})
            touched += 1
    return touched


def send_failed_mail_again(now: dt.datetime) -> int:
    """Queue mail that could not be sent once more, a little later each time; return how many.

    The mail server may be away for a while: 2, 4, 8, 16 and 32 minutes apart, then the job stays failed.
    """
    touched = 0
    failed = DBTaskResult.objects.failed().filter(
        queue_name=MAIL_QUEUE, finished_at__gt=now - dt.timedelta(days=1)
    )
    with transaction.atomic():
        for job in failed.select_for_update(skip_locked=True):
            attempts = len(job.worker_ids)
            if attempts >= MAIL_ATTEMPTS or now < job.finished_at + dt.timedelta(minutes=2**attempts):
                continue
            job.status = TaskResultStatus.READY
            job.save(update_fields=["status"])
            touched += 1
    return touched


class LostTooOftenError(Exception):
    """A job whose workers died three times."""
