"""Paper: accessible, from our own files only, within limits, made once."""

import io
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import page as pdf_checker
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import RequestFactory
from PIL import Image
from pypdf import PdfReader

from elearning import printing

pytestmark = pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine")

OUR_FONTS = ("AtkinsonNext", "Fraunces")


def document(body: str, head: str = "") -> str:
    style = '<link rel="stylesheet" href="/static/dist/print.css">'
    top = f'<head><meta charset="utf-8"><title>A paper</title>{style}{head}</head>'
    return f'<!doctype html><html lang="en-GB">{top}<body class="pdf"><h1>A paper</h1>{body}</body></html>'


AWKWARD = document(
    """
    <h2>Lists and facts</h2>
    <ul><li>One<ul><li>One inside</li></ul></li><li>Two</li></ul>
    <ol><li>First</li></ol>
    <ul class="tick-list"><li>Tick me</li></ul>
    <dl class="facts"><div><dt>Takes</dt><dd>75 minutes</dd></div><div><dt>For</dt><dd>Łódź</dd></div></dl>
    <h2>Tables</h2>
    <table><caption>Rows and columns</caption>
      <thead><tr><th scope="col">Who</th><th scope="col">What</th></tr></thead>
      <tbody><tr><th scope="row">Rose</th><td>Lunch</td></tr>
      <tr><th scope="row" rowspan="2">Beth</th><td>Sleep</td></tr><tr><td></td></tr></tbody></table>
    <table class="table--boxed"><caption>Empty</caption><thead><tr><th scope="col">A</th></tr></thead>
      <tbody><tr><td></td></tr></tbody></table>
    <h2>Pictures and links</h2>
    <p>See <a href="https://example.org/">the guidance</a> or <a href="/courses/">our courses</a>.</p>
    <svg width="20" height="20"><title>A square</title><rect width="20" height="20" fill="#8a4b08"/></svg>
    <div class="callout"><h3 class="callout__title">If this comes up</h3><p>Say so.</p></div>
    <blockquote><p>Llŷr and Siân live in Tŷ Ŵyl; Gökhan says “doğru”.</p></blockquote>
    <div class="write-boxes"><div class="write-box"><p>Box</p></div></div>
    <ul class="cut-cards"><li>Cut</li><li>Me</li></ul>
    <div class="notes"><div class="notes__line"></div></div>
    """
)


def tags_of(content: bytes) -> list[dict]:
    """Every tag of the document, from its root down."""
    reader = PdfReader(io.BytesIO(content))
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        tag = waiting.pop().get_object()
        if not isinstance(tag, dict):
            continue
        found.append(tag)
        kids = tag.get("/K", [])
        waiting += kids if isinstance(kids, list) else [kids]
    return found


def fonts_of(content: bytes) -> set[str]:
    fonts = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return fonts


@pytest.fixture(scope="module")
def awkward() -> bytes:
    return printing.render_pdf(AWKWARD)


def test_an_awkward_page_meets_pdf_ua(awkward):
    report = pdf_checker.validate_pdf_bytes(awkward, profile="ua1")
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant


def test_every_heading_cell_says_what_it_heads(awkward):
    scopes = [str(tag["/A"]["/Scope"]) for tag in tags_of(awkward) if tag.get("/S") == "/TH"]
    assert sorted(scopes) == ["/Column"] * 3 + ["/Row"] * 2


def test_every_figure_has_words(awkward):
    figures = [tag for tag in tags_of(awkward) if tag.get("/S") == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ["A square"]


def test_the_outline_follows_the_headings(awkward):
    outline = PdfReader(io.BytesIO(awkward)).outline
    assert outline[0].title == "A paper"
    assert [one.title for one in outline[1] if not isinstance(one, list)] == [
        "Lists and facts",
        "Tables",
        "Pictures and links",
    ]


def test_only_our_fonts_are_inside(awkward):
    assert fonts_of(awkward)
    assert all(font.startswith(OUR_FONTS) for font in fonts_of(awkward)), fonts_of(awkward)


def test_names_of_wales_poland_and_turkey_come_out_whole(awkward):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(awkward)).pages)
    for word in ("Łódź", "Llŷr", "Tŷ Ŵyl", "doğru"):
        assert word in text


def test_the_text_reads_in_order(awkward):
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(awkward)).pages)
    places = [text.index(word) for word in ("One inside", "75 minutes", "Rose", "guidance", "Say so", "Cut")]
    assert places == sorted(places)


def test_links_into_the_site_lead_to_the_real_site(awkward, settings):
    pages = PdfReader(io.BytesIO(awkward)).pages
    annotations = [one.get_object() for page in pages for one in page.get("/Annots", [])]
    assert {a["/A"]["/URI"] for a in annotations} == {"https://example.org/", f"{settings.BASE_URL}/courses/"}


# --- What the engine may reach ------------------------------------------------------------------


@pytest.fixture
def listener():
    """A web server on this machine that notes who calls."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{}/a.png" alt="a">',
        '<p style="background: url({}/b.png)">b</p>',
        '<svg width="9" height="9"><title>c</title><image href="{}/c.png" width="9" height="9"/></svg>',
        '<object data="{}/d.html">d</object>',
        '<style>@import url("{}/e.css");</style>',
        '<link rel="stylesheet" href="{}/f.css">',
        '<link rel="attachment" href="{}/g.txt">',
    ],
)
def test_nothing_calls_out(listener, body):
    address, calls = listener
    with pytest.raises(printing.PrintingError):
        printing.render_pdf(document(body.format(address)))
    assert calls == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "/static/dist/../../settings/base.py",
        "/static/dist/%2e%2e/%2e%2e/settings/base.py",
        "/media/images/../../../../etc/passwd",
        "/static/dist/no-such-picture.png",
        "/files/no-such-file.png",
        "data:image/png;base64,AAAA",
    ],
)
def test_no_other_file_is_read(address):
    with pytest.raises(printing.PrintingError):
        printing.render_pdf(document(f'<img src="{address}" alt="x">'))


def test_an_attachment_cannot_smuggle_a_file_out():
    with pytest.raises(printing.PrintingError):
        printing.render_pdf(document('<a rel="attachment" href="file:///etc/passwd">take it</a>'))


def test_a_picture_handed_over_is_printed():
    picture = io.BytesIO()
    Image.new("RGB", (400, 225), "#8a4b08").save(picture, "JPEG")
    content = printing.render_pdf(
        document('<img src="/files/still.jpg" alt="A still">'), files={"still.jpg": picture.getvalue()}
    )
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 1


def test_a_picture_that_would_fill_the_memory_is_refused():
    picture = io.BytesIO()
    Image.new("L", (13_000, 13_000)).save(picture, "PNG")
    with pytest.raises(printing.PrintingError, match="too large"):
        printing.render_pdf(
            document('<img src="/files/big.png" alt="Big">'), files={"big.png": picture.getvalue()}
        )


def test_a_picture_without_words_is_refused():
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    with pytest.raises(printing.PrintingError, match="alt"):
        printing.render_pdf(document('<img src="/files/a.png">'), files={"a.png": picture.getvalue()})


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_never_here")
    worker = printing.Worker()
    try:
        environment = Path(f"/proc/{worker.process.pid}/environ").read_bytes()
    finally:
        worker.stop()
    assert b"sk_live" not in environment
    assert b"DATABASE_URL" not in environment


# --- Limits -------------------------------------------------------------------------------------


def test_a_page_that_is_too_long_is_refused():
    with pytest.raises(printing.PrintingError, match="characters"):
        printing.render_pdf(document("x" * printing.MOST_HTML))


def test_a_table_with_too_many_rows_is_refused():
    rows = "<tr><td>a</td></tr>" * 2_100
    with pytest.raises(printing.PrintingError, match="rows"):
        printing.render_pdf(document(f"<table><caption>c</caption>{rows}</table>"))


def test_a_span_of_a_hundred_thousand_columns_is_clamped():
    cell = '<table><caption>c</caption><tr><td colspan="100000">wide</td></tr></table>'
    assert printing.render_pdf(document(cell), seconds=10).startswith(b"%PDF")


def test_a_page_that_takes_too_long_ends_and_the_next_one_prints():
    rows = "<tr>" + "<td>some words in a cell</td>" * 12 + "</tr>"
    table = f"<table><caption>c</caption>{rows * 1_500}</table>"
    printing.render_pdf(document("<p>warm</p>"))
    with pytest.raises(printing.PrintingError):
        printing.render_pdf(document(table), seconds=1)
    assert printing.render_pdf(document("<p>next</p>")).startswith(b"%PDF")


def test_a_child_is_replaced_after_some_documents(monkeypatch):
    monkeypatch.setattr(printing, "DOCUMENTS_PER_WORKER", 2)
    pool = printing.Pool()
    monkeypatch.setattr(printing, "_pool", lambda: pool)
    printing.render_pdf(document("<p>1</p>"))
    first = pool.idle[0].process
    printing.render_pdf(document("<p>2</p>"))
    assert first.poll() is not None
    assert pool.idle == []
    pool.stop()


def test_the_web_process_never_loads_the_engine():
    code = "import elearning.printing, sys; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- Kept papers --------------------------------------------------------------------------------


def test_a_paper_is_made_once(monkeypatch):
    html = document("<p>made once</p>")
    paper = printing.get_paper(html)
    monkeypatch.setattr(printing, "render_pdf", lambda *args, **kwargs: pytest.fail("made again"))
    assert printing.get_paper(html) == paper


def test_a_paper_that_was_cut_off_while_being_kept_is_made_again():
    html = document("<p>cut off</p>")
    key = printing.paper_key(html, {})
    storages["papers"].save(f"{key[:2]}/{key}.pdf", ContentFile(b"%PDF-1.7 half"))
    assert printing.get_paper(html).content.rstrip().endswith(b"%%EOF")
    assert storages["papers"].listdir(key[:2])[1] == [f"{key}.pdf"]


def test_many_who_ask_at_once_wait_for_one(monkeypatch):
    html, made, papers = document("<p>at once</p>"), [], []
    real = printing.render_pdf

    def count(*args, **kwargs):
        made.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(printing, "render_pdf", count)
    threads = [threading.Thread(target=lambda: papers.append(printing.get_paper(html))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len({paper.content for paper in papers}) == 1
    assert len(papers) == 6


def test_a_change_of_the_page_or_of_a_picture_makes_another_paper():
    keys = {
        printing.paper_key("a", {}),
        printing.paper_key("b", {}),
        printing.paper_key("a", {"still.jpg": b"1"}),
        printing.paper_key("a", {"still.jpg": b"2"}),
    }
    assert len(keys) == 4


def test_the_browser_asks_again_and_hears_that_nothing_changed():
    html = document("<p>same</p>")
    first = printing.answer_with_kept_paper(RequestFactory().get("/"), html, file_name="a.pdf")
    assert first.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"
    assert first["Content-Type"] == "application/pdf"
    again = RequestFactory().get("/", headers={"if-none-match": first["ETag"]})
    second = printing.answer_with_kept_paper(again, html, file_name="a.pdf")
    assert second.status_code == 304
    assert second.content == b""
    assert second["Cache-Control"] == "private, no-cache"


def test_a_fresh_paper_is_kept_by_nobody():
    response = printing.answer_with_fresh_paper(
        RequestFactory().get("/"), document("<p>x</p>"), file_name="a.pdf"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert not storages["papers"].exists("") or storages["papers"].listdir("")[0] == []


def test_a_page_that_cannot_be_printed_answers_503(client):
    html = document('<img src="/static/dist/missing.png" alt="x">')
    response = printing.answer_with_kept_paper(RequestFactory().get("/"), html, file_name="a.pdf")
    assert response.status_code == 503
    assert response["Retry-After"]


# --- Without the engine -------------------------------------------------------------------------


@pytest.fixture
def without_pango(monkeypatch):
    monkeypatch.setattr(printing, "LIBRARIES", {"Pango": ("libno-such-pango.so.0",)})
    printing.is_available.cache_clear()
    yield
    printing.is_available.cache_clear()


def test_a_machine_without_pango_is_told_at_start(without_pango):
    (warning,) = printing.printing_is_available()
    assert "Pango" in warning.msg
    assert "apt-get install" in warning.hint


def test_a_machine_without_pango_refuses_in_words(without_pango):
    with pytest.raises(printing.PrintingUnavailableError, match="Pango"):
        printing.render_pdf(document("<p>x</p>"))
