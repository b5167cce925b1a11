"""Reading the mail: what the code under test queued is sent now, and returned."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def send_waiting_mail() -> list[EmailMultiAlternatives]:
    """Run the mail jobs that wait, as the worker would; return the messages sent since the last call."""
    mail.outbox.clear()
    worker = Worker(
        queue_names=["mail"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    for job in DBTaskResult.objects.ready().filter(queue_name="mail"):
        worker.run_task(job)
        job.refresh_from_db()
        assert job.status == "SUCCESSFUL", job.traceback
    return list(mail.outbox)
