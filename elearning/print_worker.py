"""The child process that turns HTML into PDF. Run by path with a bare environment, never imported.

It holds no secrets, opens no connection, and reads only the folders it is told. One job is one line of JSON
on standard input, one answer one line on standard output; an end of input ends it.
"""

import base64
import io
import json
import logging
import mimetypes
import os
import resource
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element  # nosec B405 - only the type

import pydyf
import weasyprint
from PIL import Image
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ORIGIN = "https://print.invalid"
VARIANT = "pdf/ua-1"
MOST_SPAN = 20
MOST_TABLE_ROWS = 2_000
MOST_PIXELS = 12_000_000
DOTS_PER_INCH = 200
# What WeasyPrint says about rules that are meant for browsers: nothing is wrong with the paper.
HARMLESS = ("Ignored `", "Invalid or unsupported selector", "Expected a media type", "Invalid media type")


class RefusedError(Exception):
    """The document cannot be printed; the text says why."""


class ShelfFetcher(URLFetcher):
    """Fetches below a few folders and from the files of the job, and nothing else in the world.

    A miss is fatal: a page with a hole is worse than no page.
    """

    def __init__(self, shelves: dict[str, list[str]], files: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=["https"], allow_redirects=False, fail_on_errors=True)
        self.shelves = shelves
        self.files = files

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """Return what lies at ``url``; raises FatalURLFetchingError for anything that is not on a shelf."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
            raise FatalURLFetchingError("A page may use only its own pictures and styles.")
        path = unquote(parts.path)
        content = (
            self.files.get(path.removeprefix("/files/")) if path.startswith("/files/") else self._read(path)
        )
        if content is None:
            raise FatalURLFetchingError(f"There is no file {path}.")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        if kind.startswith("image/") and kind != "image/svg+xml":
            refuse_huge_picture(content, path)
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def _read(self, path: str) -> bytes | None:
        for prefix, folders in self.shelves.items():
            if not path.startswith(prefix):
                continue
            for folder in folders:
                root = Path(folder).resolve()
                found = (root / path.removeprefix(prefix)).resolve()
                if found.is_relative_to(root) and found.is_file():
                    return found.read_bytes()
        return None


def refuse_huge_picture(content: bytes, path: str) -> None:
    """Raise FatalURLFetchingError for a picture that would fill the memory once unpacked."""
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    if width * height > MOST_PIXELS:
        raise FatalURLFetchingError(f"The picture {path} is too large: {width} by {height}.")


class Complaints(logging.Handler):
    """Collects what the engine only logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one complaint, unless it is about rules for browsers."""
        line = record.getMessage()
        if not line.startswith(HARMLESS):
            self.lines.append(line)


class Printer:
    """Prints one document after the other with the same fonts and parsed style sheets."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.sheets: dict[tuple, weasyprint.CSS] = {}
        self.complaints = Complaints()
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self.complaints]
        logger.setLevel(logging.WARNING)
        logger.propagate = False

    def print(self, job: dict) -> dict:
        """Return the PDF and what the engine complained about."""
        self.complaints.lines = []
        files = {name: base64.b64decode(content) for name, content in job["files"].items()}
        fetcher = ShelfFetcher(job["shelves"], files)
        html = weasyprint.HTML(string=job["html"], base_url=f"{ORIGIN}/", url_fetcher=fetcher)
        tame(html.etree_element, job["site"])
        sheets = [self._sheet(address, fetcher) for address in take_style_links(html.etree_element)]
        document = html.render(
            font_config=self.fonts,
            stylesheets=sheets,
            dpi=DOTS_PER_INCH,
            optimize_images=True,
            pdf_variant=VARIANT,
        )
        pdf = document.write_pdf(finisher=finish_structure, pdf_variant=VARIANT)
        content = base64.b64encode(pdf).decode()
        return {"pdf": content, "pages": len(document.pages), "complaints": self.complaints.lines}

    def _sheet(self, address: str, fetcher: ShelfFetcher) -> weasyprint.CSS:
        url = f"{ORIGIN}{address}" if address.startswith("/") else address
        css = fetcher.fetch(url).read()
        key = (url, hash(css))
        if key not in self.sheets:
            self.sheets[key] = weasyprint.CSS(
                string=css.decode(), base_url=url, url_fetcher=fetcher, font_config=self.fonts
            )
        return self.sheets[key]


def take_style_links(root: Element) -> list[str]:
    """Take the links to style sheets out of the document and return their addresses in order."""
    found = []
    for parent in root.iter():
        for link in [one for one in parent if one.tag == "link" and one.get("rel") == "stylesheet"]:
            if link.get("media", "print") in ("print", "all"):
                found.append(link.get("href", ""))
            parent.remove(link)
    return found


def tame(root: Element, site: str) -> None:
    """Clamp what would take minutes, and make links inside the site lead to the real site."""
    rows = 0
    for element in root.iter():
        for name in ("colspan", "rowspan"):
            span = element.get(name, "")
            if span.isdigit() and int(span) > MOST_SPAN:
                element.set(name, str(MOST_SPAN))
        rows += element.tag == "tr"
        if element.tag == "a" and element.get("href", "").startswith("/"):
            element.set("href", site + element.get("href"))
    if rows > MOST_TABLE_ROWS:
        raise RefusedError(f"The tables have {rows} rows; {MOST_TABLE_ROWS} is the most that can be printed.")


def finish_structure(document: Document, pdf: pydyf.PDF) -> None:
    """Complete what screen readers hear: the scope of heading cells, the pairs of a list of facts."""
    tags = {made.reference: made for made in pdf.objects if isinstance(made, dict) and "S" in made}
    for tag in tags.values():
        if tag["S"] == "/TH":
            give_scope(tag, tags)
        elif tag["S"] == "/L":
            place_pairs(tag, tags)


def give_scope(cell: dict, tags: dict) -> None:
    """Say of a heading cell whether it heads its column (in a THead) or its row."""
    row = tags.get(cell["P"], {})
    group = tags.get(row.get("P"), {})
    cell.setdefault("A", {"O": "/Table"})["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def place_pairs(items: dict, tags: dict) -> None:
    """Make a div of dt and dd one item with label and body; the engine makes it two items."""
    for pair in (tags[child] for child in items["K"] if child in tags):
        if pair["S"] != "/Div":
            continue
        pair["S"] = "/LI"
        for place, part in enumerate(tags[child] for child in pair["K"] if child in tags):
            part["S"], inside = ("/LBody", "/Div") if place else ("/Lbl", "/Span")
            for child in part["K"]:
                if child in tags and tags[child]["S"] == "/LBody":
                    tags[child]["S"] = inside


def limit_memory(bytes_at_most: int) -> None:
    """Let the process fail rather than the machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    at_most = bytes_at_most if hard == resource.RLIM_INFINITY else min(bytes_at_most, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (at_most, hard))
    except ValueError:
        return  # macOS does not limit address space; the wall clock still does


def limit_processor(seconds: int) -> None:
    """Give the next job so many seconds of processor time on top of what is used already."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def answer(printer: Printer, job: dict) -> dict:
    """Do one job; a failure becomes an answer with ``error``."""
    limit_processor(job["seconds"])
    try:
        return printer.print(job)
    except (RefusedError, FatalURLFetchingError) as refusal:
        return {"error": str(refusal)}
    except MemoryError:
        return {"error": "The document needs too much memory."}
    except Exception as trouble:  # the engine's own faults must not end the line of answers
        return {"error": f"{type(trouble).__name__} while printing."}


def main() -> None:
    """Answer jobs until the input ends."""
    # Standard output carries answers only: whatever a library prints goes to standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limit_memory(int(sys.argv[1]))
    printer = Printer()
    for line in sys.stdin:
        print(json.dumps(answer(printer, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
