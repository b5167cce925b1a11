"""The guide on paper."""

import io

import page as pdf_checker
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from elearning import printing
from facilitator_guides.models import GuideStep
from tests import factories as make
from video.models import Clip, ClipPage, PausePoint

pytestmark = [
    pytest.mark.usefixtures("rental"),
    pytest.mark.skipif(not printing.is_available(), reason="Pango is not on this machine"),
]


@pytest.fixture
def address(guide_page):
    return guide_page.print_address


def test_its_address_lies_beside_the_guide(address):
    kwargs = {"course": "the-key-person-approach", "section": "section-two", "session_page": "everyday-care"}
    assert address == reverse("facilitator_guides:guide_pdf", kwargs=kwargs)


def test_a_facilitator_gets_an_accessible_pdf(as_, fred, address, read_pdf):
    response = as_(fred).get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert "everyday-care-facilitator-guide.pdf" in response["Content-Disposition"]
    report = pdf_checker.validate_pdf_bytes(response.content, profile="ua1")
    assert [failure.message for failure in report.failures] == []


def test_every_page_after_the_cover_says_whose_copy_it_is(as_, fred, address, read_pdf):
    cover, *pages = read_pdf(as_(fred).get(address).content)
    assert "Willow Lane" in cover
    assert "Rented until" in cover
    for number, text in enumerate(pages, 2):
        assert "Willow Lane · rented until" in text
        assert f"Page {number} of {len(pages) + 1}" in text


def test_the_text_reads_in_order(as_, fred, address, read_pdf):
    text = "".join(read_pdf(as_(fred).get(address).content))
    wanted = ("Facilitator guide", "Running order", "Before the session", "Step by step", "This is step 1",
              "This is step 4", "If this comes up", "Closing words", "Notes")  # fmt: skip
    places = [text.lower().index(words.lower()) for words in wanted]
    assert places == sorted(places)


def test_a_long_running_order_stays_on_one_page(as_, fred, course, read_pdf):
    page = make.make_guide_page(course.session_page, minutes=[5] * 15)
    pages = read_pdf(as_(fred).get(page.print_address).content)
    (only,) = [text for text in pages if "Running order" in text]
    assert "Step 1 " in only
    assert "Step 15" in only


def test_awkward_words_come_out_whole(as_, fred, guide_page, address, read_pdf):
    GuideStep.objects.create(
        guide_page=guide_page,
        title="Tŷ Ŵyl & <Łódź>",
        minutes=1,
        what_happens="<p>“doğru” — ½</p>",
        sort_order=99,
    )
    text = "".join(read_pdf(as_(fred).get(address).content))
    assert "Tŷ Ŵyl & <Łódź>" in text
    assert "“doğru” — ½" in text


def test_the_outline_has_the_parts_of_the_guide(as_, fred, address):
    outline = PdfReader(io.BytesIO(as_(fred).get(address).content)).outline
    assert outline[0].title == "Everyday care"
    parts = [one.title for one in outline[1] if not isinstance(one, list)]
    assert parts == ["Before the session", "Step by step", "If this comes up", "Closing words", "Notes"]


def test_a_second_look_costs_nothing(as_, fred, address):
    client = as_(fred)
    first = client.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_an_etag_opens_no_gate(as_, fred, priya, address):
    etag = as_(fred).get(address)["ETag"]
    assert as_(priya).get(address, headers={"if-none-match": etag}).status_code == 403


def test_a_change_of_the_guide_changes_the_paper(as_, fred, guide_page, address):
    client = as_(fred)
    before = client.get(address)["ETag"]
    guide_page.steps.update(title="Something else")
    assert client.get(address)["ETag"] != before


def test_two_settings_get_papers_of_their_own(as_, fred, omar, harbour_house, course, address, read_pdf):
    make.make_rental(harbour_house, course.product)
    assert "Willow Lane" not in "".join(read_pdf(as_(omar).get(address).content))
    assert "Harbour House" not in "".join(read_pdf(as_(fred).get(address).content))


def test_a_draft_has_no_paper(as_, fred, guide_page, address):
    guide_page.unpublish()
    assert as_(fred).get(address).status_code == 404


def test_only_reading_is_allowed(as_, fred, address):
    assert as_(fred).post(address).status_code == 405
    assert as_(fred).head(address).status_code == 200


@pytest.fixture
def clip_page(course, guide_page):
    """A clip of the session with a question and a still."""
    still = io.BytesIO()
    Image.new("RGB", (640, 360), "#0f5e63").save(still, "JPEG")
    name = storages["clips"].save("one/poster.jpg", ContentFile(still.getvalue()))
    clip = Clip.objects.create(title="Lunch", state=Clip.State.READY, duration_ms=48_000, poster=name)
    page = ClipPage(title="Lunch for four", slug="lunch", clip=clip, what_to_look_for="Who starts each turn?")
    page.pause_points = [PausePoint(at_seconds=14, question="What did you see?")]
    return course.session_page.add_child(instance=page)


def pictures_of(content: bytes) -> int:
    return len({image.data for page in PdfReader(io.BytesIO(content)).pages for image in page.images})


def test_the_clips_are_there_with_stills_and_questions(as_, fred, clip_page, address, read_pdf):
    content = as_(fred).get(address).content
    text = "".join(read_pdf(content))
    assert "Lunch for four" in text
    assert "Stop at 0:14: What did you see?" in text
    assert pictures_of(content) == 1
    assert len(content) < 300_000
    report = pdf_checker.validate_pdf_bytes(content, profile="ua1")
    assert [failure.message for failure in report.failures] == []


def test_a_still_is_gone_as_soon_as_a_consent_is(as_, fred, clip_page, address):
    client = as_(fred)
    before = client.get(address)
    clip_page.clip.consent_withdrawn_at = timezone.now()
    clip_page.clip.save(update_fields=["consent_withdrawn_at"])
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert pictures_of(after.content) == 0


def test_a_still_that_is_lost_does_not_take_the_guide_with_it(as_, fred, clip_page, address, read_pdf):
    storages["clips"].delete(clip_page.clip.poster)
    response = as_(fred).get(address)
    assert response.status_code == 200
    assert "Lunch for four" in "".join(read_pdf(response.content))
