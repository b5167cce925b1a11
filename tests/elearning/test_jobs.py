"""Jobs are neither lost nor stuck."""

import datetime as dt

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from elearning import jobs

pytestmark = pytest.mark.django_db


def make_job(*, status, workers, minutes_ago, queue="default"):
    then = timezone.now() - dt.timedelta(minutes=minutes_ago)
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.nowhere",
        worker_ids=workers,
        queue_name=queue,
        backend_name="default",
        run_after=get_date_max(),
        started_at=then,
        finished_at=then if status == TaskResultStatus.FAILED else None,
    )


def status_of(job):
    job.refresh_from_db()
    return job.status


def test_a_job_whose_worker_fell_silent_goes_back_to_the_queue():
    job = make_job(status=TaskResultStatus.RUNNING, workers=["dead"], minutes_ago=5)
    jobs.put_back_lost_jobs(timezone.now())
    assert status_of(job) == TaskResultStatus.READY


def test_a_job_whose_worker_beats_stays_with_it():
    job = make_job(status=TaskResultStatus.RUNNING, workers=["alive"], minutes_ago=50)
    jobs.renew_lease("alive", timezone.now())
    assert jobs.put_back_lost_jobs(timezone.now()) == 0
    assert status_of(job) == TaskResultStatus.RUNNING


def test_a_job_that_lost_three_workers_fails_for_all_to_see():
    job = make_job(status=TaskResultStatus.RUNNING, workers=["a", "b", "c"], minutes_ago=5)
    jobs.put_back_lost_jobs(timezone.now())
    assert status_of(job) == TaskResultStatus.FAILED
    assert job.exception_class_path.endswith("LostTooOftenError")


@pytest.mark.parametrize(("minutes_ago", "expected"), [(1, "FAILED"), (3, "READY")])
def test_mail_that_failed_is_tried_again_after_a_while(minutes_ago, expected):
    job = make_job(status=TaskResultStatus.FAILED, workers=["a"], minutes_ago=minutes_ago, queue="mail")
    jobs.send_failed_mail_again(timezone.now())
    assert status_of(job) == expected


def test_other_failed_jobs_are_left_alone():
    job = make_job(status=TaskResultStatus.FAILED, workers=["a"], minutes_ago=10)
    jobs.send_failed_mail_again(timezone.now())
    assert status_of(job) == TaskResultStatus.FAILED
