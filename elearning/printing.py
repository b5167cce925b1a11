"""Paper: HTML from our own templates becomes an accessible PDF (PDF/UA-1). See docs/printing.md.

The only file that knows the engine. WeasyPrint runs in a child process (print_worker.py) with limits on time
and memory and without the site's secrets; the web process never imports it, and starts without it.
"""

import atexit
import base64
import ctypes
import hashlib
import json
import logging
import os
import select
import subprocess  # nosec B404
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.core.checks import CheckMessage, Warning, register
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

logger = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("print_worker.py")
MOST_HTML = 3_000_000
MOST_MEMORY = 1_500_000_000
DOCUMENTS_PER_WORKER = 50
WORKERS = 2
SECONDS = 60
START_SECONDS = 20
# The engine's libraries as Linux, macOS and Windows name them.
LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "/opt/homebrew/lib/libpango-1.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "/opt/homebrew/lib/libpangoft2-1.0.dylib"),
    "HarfBuzz subset": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.dylib",
        "/opt/homebrew/lib/libharfbuzz-subset.dylib",
    ),
}
# The child gets no variable of ours that could hold a secret.
PASSED_ON = (
    "PATH",
    "HOME",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


class PrintingError(Exception):
    """A page could not be made into a PDF; the text says why, for the log."""


class PrintingUnavailableError(PrintingError):
    """The engine's libraries are not on this machine."""


@dataclass(frozen=True)
class Paper:
    """A finished PDF and the key of its content."""

    content: bytes
    key: str


# --- Is there an engine? ------------------------------------------------------------------------


def missing_libraries() -> list[str]:
    """Return the names of the libraries that PDF making lacks here."""
    return [name for name, files in LIBRARIES.items() if not any(_can_load(file) for file in files)]


@cache
def is_available() -> bool:
    """Whether this machine can make PDFs. Pages hide "Download PDF" where it cannot."""
    return not missing_libraries()


def _can_load(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


@register
def printing_is_available(**kwargs: object) -> list[CheckMessage]:
    """Warn at start when PDFs cannot be made; everything else works without them."""
    missing = missing_libraries()
    if not missing:
        return []
    return [
        Warning(
            f"PDFs cannot be made: {', '.join(missing)} missing. Pages still print from the browser.",
            hint="Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
            "macOS: brew install pango.",
            id="printing.W001",
        )
    ]


# --- HTML into PDF ------------------------------------------------------------------------------


def render_pdf(html: str, *, files: Mapping[str, bytes] | None = None, seconds: int = SECONDS) -> bytes:
    """Return ``html`` as PDF/UA-1.

    Styles and pictures are addressed as on the site ({% static %}, media); ``files`` are further pictures,
    which the page calls ``/files/<name>``. Nothing else can be reached. Raises PrintingUnavailableError
    without the engine, PrintingError when the page is too large, takes longer than ``seconds``, misses a
    file, or would not be accessible.
    """
    if len(html) > MOST_HTML:
        raise PrintingError(
            f"The page has {len(html)} characters; {MOST_HTML} is the most that can be printed."
        )
    if not is_available():
        raise PrintingUnavailableError(f"Missing here: {', '.join(missing_libraries())}.")
    job = {
        "html": html,
        "site": settings.BASE_URL,
        "shelves": _shelves(),
        "files": {name: base64.b64encode(content).decode() for name, content in (files or {}).items()},
        "seconds": seconds,
    }
    answer = _pool().do(job, seconds)
    problems = [answer["error"]] if "error" in answer else answer["complaints"]
    if problems:
        raise PrintingError("; ".join(problems)[:500])
    return base64.b64decode(answer["pdf"])


def _shelves() -> dict[str, list[str]]:
    """Which folder answers for which address: our built files, and pictures of pages."""
    roots = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    return {
        f"{settings.STATIC_URL}dist/": [str(root / "dist") for root in roots],
        f"{settings.MEDIA_URL}images/": [str(Path(settings.MEDIA_ROOT) / "images")],
    }


class Worker:
    """One child process. Not shared between threads while it works."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.done = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", str(WORKER), str(MOST_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "LANG": "C.UTF-8"},
            cwd="/",
        )

    def do(self, job: dict, seconds: int) -> dict:
        """Send one job and wait for its answer. Raises PrintingError if the child ends or takes too long."""
        deadline = time.monotonic() + seconds + (0 if self.done else START_SECONDS)
        self.done += 1
        try:
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise PrintingError("The printing process ended before it began.") from None
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise PrintingError(f"The page took longer than {seconds} seconds.")
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                raise PrintingError("The printing process ended: the page needs too much time or memory.")
            line += piece
        return json.loads(line)

    def stop(self) -> None:
        """End the child at once."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Pool:
    """A few children, started when needed and replaced after some documents or any trouble."""

    def __init__(self) -> None:
        self.free = threading.BoundedSemaphore(WORKERS)
        self.idle: list[Worker] = []

    def do(self, job: dict, seconds: int) -> dict:
        """Have one child do the job."""
        if not self.free.acquire(timeout=seconds):
            raise PrintingError("Too many pages are being printed at once.")
        try:
            worker = self.idle.pop() if self.idle else Worker()
            try:
                answer = worker.do(job, seconds)
            except BaseException:
                worker.stop()
                raise
            if worker.done >= DOCUMENTS_PER_WORKER:
                worker.stop()
            else:
                self.idle.append(worker)
            return answer
        finally:
            self.free.release()

    def stop(self) -> None:
        """End every idle child."""
        while self.idle:
            self.idle.pop().stop()


@lru_cache(maxsize=1)
def _pool_of(process_id: int) -> Pool:
    pool = Pool()
    atexit.register(pool.stop)
    return pool


def _pool() -> Pool:
    """The pool of this process: a fork starts one of its own."""
    return _pool_of(os.getpid())


# --- Papers that are kept -----------------------------------------------------------------------


def get_paper(html: str, *, files: Mapping[str, bytes] | None = None) -> Paper:
    """Return the PDF of ``html``, made once and kept by its content in the store "papers".

    Only for papers without anyone's private words: what is kept here is not erased with a person. Raises what
    render_pdf raises.
    """
    key = paper_key(html, files or {})
    name = f"{key[:2]}/{key}.pdf"
    deadline = time.monotonic() + SECONDS + START_SECONDS
    while True:
        if content := _read(name):
            return Paper(content, key)
        if shared_cache.add(f"paper:{key}", True, SECONDS + START_SECONDS):
            break
        if time.monotonic() > deadline:
            raise PrintingError("Waited too long for another process that prints the same page.")
        time.sleep(0.1)
    try:
        content = render_pdf(html, files=files)
        _write(name, content)
    finally:
        shared_cache.delete(f"paper:{key}")
    return Paper(content, key)


def paper_key(html: str, files: Mapping[str, bytes]) -> str:
    """The key of a paper: a digest of everything that changes how it looks."""
    digest = hashlib.sha256(_look_of_today().encode())
    for name in sorted(files):
        digest.update(hashlib.sha256(name.encode() + b"\0" + files[name]).digest())
    digest.update(html.encode())
    return digest.hexdigest()


def _look_of_today() -> str:
    """A digest of the print style, the fonts, the worker and the engine's version."""
    roots = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    found = [WORKER]
    for root in roots:
        found += [*sorted(root.glob("dist/print*.css")), *sorted(root.glob("dist/fonts/print/*.ttf"))]
    return _digest(tuple((str(path), path.stat().st_mtime_ns) for path in found))


@lru_cache(maxsize=8)
def _digest(files: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256(metadata.version("weasyprint").encode() + metadata.version("pydyf").encode())
    for path, _ in files:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def _read(name: str) -> bytes:
    """The kept paper, or nothing when it is absent or was cut off while being written."""
    try:
        with storages["papers"].open(name) as file:
            content = file.read()
    except FileNotFoundError:
        return b""
    return content if content.rstrip().endswith(b"%%EOF") else b""


def _write(name: str, content: bytes) -> None:
    store = storages["papers"]
    store.delete(name)  # a half-written one; absent is fine
    store.save(name, ContentFile(content))


# --- Answering with paper -----------------------------------------------------------------------


def answer_with_kept_paper(
    request: HttpRequest, html: str, *, file_name: str, files: Mapping[str, bytes] | None = None
) -> HttpResponse:
    """Answer with a PDF that is kept: guides and sheets.

    The browser asks each time (so the gate does, too) and gets 304 when nothing changed; 503 when it
    cannot be made now.
    """
    etag = quote_etag(paper_key(html, files or {}))
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        try:
            response = _pdf_response(get_paper(html, files=files).content, file_name)
        except PrintingError as error:
            return _cannot_print(request, error)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def answer_with_fresh_paper(
    request: HttpRequest, html: str, *, file_name: str, files: Mapping[str, bytes] | None = None
) -> HttpResponse:
    """Answer with a PDF that nobody keeps: a plan, a journal. 503 when it cannot be made now."""
    try:
        response = _pdf_response(render_pdf(html, files=files), file_name)
    except PrintingError as error:
        return _cannot_print(request, error)
    response["Cache-Control"] = "private, no-store"
    return response


def _pdf_response(content: bytes, file_name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{file_name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _cannot_print(request: HttpRequest, error: PrintingError) -> HttpResponse:
    logger.error("A PDF could not be made: %s", error)
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "60"
    return response
