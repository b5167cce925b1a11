"""/healthz: database, worker and storage, in words for machines."""

import datetime as dt
import uuid

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_LIMIT = dt.timedelta(minutes=2)


def beat(now: dt.datetime) -> None:
    """Note that the background worker is alive."""
    cache.set(HEARTBEAT_KEY, now.isoformat(), timeout=86_400)


def database_answers() -> bool:
    """Whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def worker_beats(now: dt.datetime) -> bool:
    """Whether the background worker said something in the last two minutes."""
    try:
        heard = cache.get(HEARTBEAT_KEY)
    except DatabaseError:
        return False
    return heard is not None and now - dt.datetime.fromisoformat(heard) < HEARTBEAT_LIMIT


def storage_keeps() -> bool:
    """Whether the private store takes, and gives up, a small file."""
    store = storages["papers"]
    try:
        name = store.save(f"healthz/{uuid.uuid4().hex}", ContentFile(b"ok"))
        store.delete(name)
    except OSError:
        return False
    return True


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and storage are well; the worker is reported but does not take the site out."""
    state = {
        "database": database_answers(),
        "worker": worker_beats(timezone.now()),
        "storage": storage_keeps(),
    }
    is_well = state["database"] and state["storage"]
    response = JsonResponse(
        {"status": "ok" if is_well else "failing", **state}, status=200 if is_well else 503
    )
    response["Cache-Control"] = "no-store"
    return response
