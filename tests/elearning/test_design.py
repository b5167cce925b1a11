"""The design system: what templates are promised, and that the living page shows all of it."""

import datetime as dt
import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test.signals import template_rendered
from django.utils import timezone
from fontTools.ttLib import TTFont

from elearning import design
from elearning.templatetags.design import as_address, clock, day, duration, initials, moment, money, sentences

COMPONENTS = settings.BASE_DIR / "templates" / "components"
CSS = settings.BASE_DIR / "frontend" / "css"
DIST = settings.BASE_DIR / "elearning" / "static" / "dist"


@pytest.fixture
def anonymous_request(rf):
    request = rf.get("/somewhere/")
    request.user = AnonymousUser()
    return request


@pytest.fixture
def signed_in_request(rf):
    request = rf.get("/design/")
    request.user = SimpleNamespace(
        is_authenticated=True, is_staff=True, display_name="Maya Okafor", email="maya@demo.example"
    )
    return request


def draw(source, **context):
    return Template("{% load design %}" + source).render(Context(context))


def test_the_design_page_shows_every_component(signed_in_request):
    drawn = set()

    def note(sender, template, **kwargs):
        drawn.add(template.name)

    template_rendered.connect(note)
    try:
        response = design.design(signed_in_request)
    finally:
        template_rendered.disconnect(note)
    assert response.status_code == 200
    expected = {f"components/{path.relative_to(COMPONENTS)}" for path in COMPONENTS.rglob("*.html")}
    only_on_paper = {name for name in expected if name.startswith("components/print/")}
    assert expected - only_on_paper - drawn == set()


def test_the_design_page_has_no_inline_script_or_style(signed_in_request):
    html = design.design(signed_in_request).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_every_style_of_a_component_is_built():
    index = (CSS / "components" / "index.css").read_text()
    entries = (settings.BASE_DIR / "frontend" / "build.mjs").read_text()
    for path in (CSS / "components").glob("*.css"):
        assert path.name == "index.css" or path.name in index or f"components/{path.name}" in entries, (
            path.name
        )


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (6900, "GBP", "£69"),
        (6950, "gbp", "£69.50"),
        (123456, "GBP", "£1,234.56"),
        (-6900, "GBP", "−£69"),
        (0, "GBP", "£0"),
        (500, "CHF", "5 CHF"),
        (None, "GBP", ""),
    ],
)
def test_money_is_written_as_people_write_it(minor, currency, text):
    assert money(minor, currency) == text


def test_days_and_times_are_those_of_london():
    late = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert day(late) == "1 July 2026"
    assert clock(late) == "00:30"
    assert day(dt.date(2026, 11, 21)) == "21 November 2026"
    assert day(None) == clock(None) == moment(None) == ""


def test_what_happened_today_has_a_time_and_what_happened_before_a_day():
    now = timezone.now()
    assert moment(now) == clock(now)
    assert moment(now - dt.timedelta(days=40)) == day(now - dt.timedelta(days=40))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(48, "0:48"), (725, "12:05"), (3725, "1:02:05"), (dt.timedelta(seconds=61), "1:01"), (None, "")],
)
def test_a_length_is_written_in_minutes_and_seconds(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("1 Quay Lane\nAmbleford AM2 4RB", '1 Quay Lane<br>Ambleford <span class="nowrap">AM2 4RB</span>'),
        ("ec1a 1bb\r\nLondon", '<span class="nowrap">ec1a 1bb</span><br>London'),
        ("W1A 0AX & <b>", '<span class="nowrap">W1A 0AX</span> &amp; &lt;b&gt;'),
        ("Flat B2 4 Rye Road", "Flat B2 4 Rye Road"),
        (None, ""),
    ],
)
def test_a_postcode_stays_on_one_line_of_an_address(text, drawn):
    assert as_address(text) == drawn


@pytest.mark.parametrize(
    ("name", "letters"), [("Maya Okafor", "MO"), ("Noor", "N"), ("Anna van der Berg", "AB"), ("", "–")]
)
def test_initials_stand_for_first_and_last_name(name, letters):
    assert initials(name) == letters


def test_an_icon_is_hidden_unless_it_has_a_name():
    assert 'aria-hidden="true"' in draw('{% icon "printer" %}')
    named = draw("{% icon 'printer' label=label %}", label="Print <b>")
    assert "<title>Print &lt;b&gt;</title>" in named
    assert "aria-hidden" not in named


def test_an_unknown_icon_says_where_to_add_it():
    with pytest.raises(TemplateSyntaxError, match=r"frontend/icons\.txt"):
        draw('{% icon "no-such-icon" %}')


def test_a_component_escapes_what_it_is_given_and_keeps_its_inside():
    html = draw(
        '{% component "callout" title=title %}<p>{{ text }}</p>{% endcomponent %}', title="<i>", text="a & b"
    )
    assert "&lt;i&gt;" in html
    assert "<p>a &amp; b</p>" in html


def test_a_component_sees_nothing_of_the_page():
    html = draw(
        '{% component "card" title="Mine" %}inside{% endcomponent %}', text="of the page", href="/leak/"
    )
    assert "of the page" not in html
    assert "/leak/" not in html


class NoteForm(forms.Form):
    note = forms.CharField(label="Note", help_text="One line.")
    who = forms.ChoiceField(label="Who", choices=[("a", "All")], widget=forms.RadioSelect)
    more = forms.CharField(label="More", required=False)


def test_a_field_is_tied_to_its_label_help_and_error():
    html = str(NoteForm({}))
    assert '<label class="field__label" for="id_note">' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_note_helptext"' in html
    assert 'id="id_note_error"' in html
    assert html.count("(optional)") == 1


def test_the_error_summary_links_to_each_field_and_stands_there_once():
    form = NoteForm({})
    html = draw('{% include "components/error_summary.html" %}{{ form }}', form=form)
    assert html.count("data-error-summary") == 1
    assert 'href="#id_note"' in html
    assert 'href="#id_who"' in html
    assert str(NoteForm({})).count("data-error-summary") == 1
    assert "data-error-summary" not in str(NoteForm())
    assert "2 things to mend" in html


def test_the_error_summary_counts_what_is_to_be_mended_and_not_the_fields():
    form = NoteForm({"who": "a", "note": "x"})
    form.add_error("note", ["Too short.", "Not a note."])
    assert "2 things to mend" in draw('{% include "components/error_summary.html" %}', form=form)
    del form.errors["note"][1]
    assert "One thing to mend" in draw('{% include "components/error_summary.html" %}', form=form)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_error_pages_need_no_context_and_no_database(status):
    html = render_to_string(f"{status}.html")
    assert "<h1>" in html
    assert "dist/site.css" in html


def test_a_refusal_says_why():
    html = render_to_string("403.html", {"reason": "Only a manager may invite people. Ask Maya."})
    assert "Only a manager may invite people. Ask Maya." in html


def test_the_page_around_costs_no_query(anonymous_request, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        render_to_string("404.html", request=anonymous_request)


def test_a_first_visit_stays_light(anonymous_request):
    page = render_to_string("404.html", request=anonymous_request).encode()
    fonts = [DIST / "fonts" / f"{name}-latin.woff2" for name in ("atkinson-next-normal", "fraunces-semibold")]
    packed = [page, *((DIST / name).read_bytes() for name in ("site.css", "site.js"))]
    weight = sum(len(gzip.compress(part)) for part in packed) + sum(path.stat().st_size for path in fonts)
    assert weight < 55_000


@pytest.mark.parametrize(
    "name", ["AtkinsonNext-Regular", "AtkinsonNext-Bold", "AtkinsonNext-Italic", "Fraunces-SemiBold"]
)
def test_fonts_for_paper_hold_every_letter_in_one_file(name):
    letters = TTFont(DIST / "fonts" / "print" / f"{name}.ttf").getBestCmap()
    assert {ord(letter) for letter in "aZ9łŵŷğŁódź’“”–…£€"} <= set(letters)


def read_tokens(source: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", source))


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_text_and_ground_can_be_read(scheme):
    source = Path(CSS / "tokens.css").read_text()
    light, dark = source.split("@media (prefers-color-scheme: dark)")
    colour = read_tokens(light) if scheme == "light" else read_tokens(light) | read_tokens(dark)
    texts = ["ink", "muted", "watch", "talk", "reflect", "plan", "done", "alert"]
    for text in texts:
        for ground in ("paper", "card", "sunk"):
            assert contrast(colour[text], colour[ground]) >= 4.5, (text, ground)
    for activity in ("watch", "talk", "reflect", "plan"):
        assert contrast(colour["on-colour"], colour[activity]) >= 4.5, activity
        assert contrast(colour["ink"], colour[f"{activity}-pale"]) >= 4.5, activity
    for ground in ("paper", "card"):
        assert contrast(colour["focus"], colour[ground]) >= 3
        assert contrast(colour["edge"], colour[ground]) >= 3


def test_static_files_can_be_hashed_and_packed_for_production(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_DIRS = [DIST.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("dist/site.*.css.br"))
    assert list(tmp_path.glob("dist/fonts/fraunces-semibold-latin.*.woff2"))


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("One two. Three four! Five six?", 4, "One two. Three four!"),
        ("One two. Three four! Five six?", 5, "One two. Three four!"),
        ("One two. Three four! Five six?", 6, "One two. Three four! Five six?"),
        ("\nOne two three four five.\n", 3, "One two three…"),
        ("", 3, ""),
    ],
)
def test_a_text_is_cut_between_sentences(text, words, shown):
    assert sentences(text, words).replace(" …", "…") == shown
