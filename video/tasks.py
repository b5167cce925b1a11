"""Background work on films. Ids only, and safe to run twice."""

from django_tasks import task

from video.pipeline.job import process_clip


@task(queue_name="media")
def prepare_film(clip_id: int) -> None:
    """Prepare one film for playing, unless it is in good hands."""
    process_clip(clip_id)
