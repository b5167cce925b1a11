"""What the player asks for: leases, playlists, captions, posters, and the bytes of films kept here."""

import mimetypes
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from video.addresses import AddressOverError, StoredFile, address_of_file, is_local, read_address
from video.captions import write_vtt
from video.forms import ReportError, read_report
from video.gate import Closed, find_clip_page
from video.models import ClipPage
from video.models.clips import clip_store
from video.pipeline.playlists import master_playlist
from video.ranges import ByteRange, RangeNotSatisfiableError, blocks, read_range
from video.services import record_watching

PLAYLIST = "application/vnd.apple.mpegurl"
ACCEL_PREFIX = "/_clips/"  # nginx: an internal location for CLIPS_ROOT


def behind_gate(view):
    """Find the clip page, ask the gate, and never let anybody keep the answer. Samples need no signing in."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs) -> HttpResponseBase:
        try:
            response = view(request, find_clip_page(request, pk), **kwargs)
        except Closed as closed:
            answer = {"code": closed.code, "title": closed.title, "reason": closed.reason}
            response = JsonResponse(answer, status=closed.status)
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded


@require_POST
@behind_gate
def lease(request: HttpRequest, clip_page: ClipPage) -> HttpResponse:
    """Take note of what was watched and give addresses for the next two minutes, in one answer."""
    try:
        ranges, position_ms = read_report(request.body)
    except ReportError:
        return JsonResponse({"code": "malformed", "reason": "The report makes no sense."}, status=400)
    clip = clip_page.clip
    urls = {one.name: address_of_file(request, one.file, clip_id=clip.pk) for one in clip.renditions.all()}
    answer = {"urls": urls, "ttl": settings.CLIPS_ADDRESS_SECONDS}
    if request.user.is_authenticated:
        progress = record_watching(
            user=request.user,
            clip_page=clip_page,
            ranges=ranges,
            position_ms=position_ms,
            now=timezone.now(),
        )
        answer["watched_seconds"] = progress.watched_seconds
    return JsonResponse(answer)


@require_safe
@behind_gate
def master(request: HttpRequest, clip_page: ClipPage) -> HttpResponse:
    """The list of sizes; nothing in it runs out."""
    renditions = list(clip_page.clip.renditions.in_ladder_order())
    return HttpResponse(master_playlist(renditions), content_type=PLAYLIST)


@require_safe
@behind_gate
def playlist(request: HttpRequest, clip_page: ClipPage, name: str) -> HttpResponse:
    """The pieces of one size."""
    rendition = get_object_or_404(clip_page.clip.renditions.all(), name=name)
    return HttpResponse(rendition.playlist, content_type=PLAYLIST)


@require_safe
@behind_gate
def film(request: HttpRequest, clip_page: ClipPage, name: str) -> HttpResponse:
    """Send a browser that plays HLS by itself to the file's address of the moment."""
    rendition = get_object_or_404(clip_page.clip.renditions.all(), name=name)
    return HttpResponseRedirect(address_of_file(request, rendition.file, clip_id=clip_page.clip_id))


@require_safe
@behind_gate
def poster(request: HttpRequest, clip_page: ClipPage) -> HttpResponse:
    """Send to the poster's address of the moment."""
    if not clip_page.clip.poster:
        raise Http404("No poster yet.")
    return HttpResponseRedirect(address_of_file(request, clip_page.clip.poster, clip_id=clip_page.clip_id))


@require_safe
@behind_gate
def captions(request: HttpRequest, clip_page: ClipPage) -> HttpResponse:
    """The captions, written by us from the checked cues."""
    return HttpResponse(write_vtt(clip_page.clip.cues), content_type="text/vtt; charset=utf-8")


@login_not_required
@require_safe
def stored_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A stored file on this machine, by an address that lives two minutes and suits one person only."""
    try:
        found = read_address(request, token)
    except AddressOverError:
        return _private(HttpResponse("This address is over.", content_type="text/plain", status=403))
    if found is None or not is_local() or not clip_store().exists(found.name):
        raise Http404("No such file.")
    return _private(send_stored(request, found))


def send_stored(request: HttpRequest, found: StoredFile) -> HttpResponseBase:
    """The whole file or the range that was asked for; nginx sends it where CLIPS_ACCEL says so."""
    content_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    if settings.CLIPS_ACCEL:
        return HttpResponse(
            content_type=content_type, headers={"X-Accel-Redirect": ACCEL_PREFIX + found.name}
        )
    size = clip_store().size(found.name)
    try:
        wanted = read_range(request.headers.get("Range", ""), size)
    except RangeNotSatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = wanted or ByteRange(0, size - 1)
    response = StreamingHttpResponse(
        blocks(clip_store().open(found.name, "rb"), part) if request.method == "GET" else [],
        content_type=content_type,
        status=206 if wanted else 200,
        headers={"Accept-Ranges": "bytes", "Content-Length": str(part.length)},
    )
    if wanted:
        response["Content-Range"] = f"bytes {part.start}-{part.end}/{size}"
    return response


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Nobody keeps a copy."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
