"""A session without all its parts never goes live; its draft always saves."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from courses.models import ProductSection, SessionPage
from courses.publishing import UnfinishedSessionError, missing_from_page
from tests import factories as make


@pytest.fixture
def draft(course):
    """A session that is not live, with nothing in it but a title."""
    page = SessionPage(title="New session", slug="new-session", live=False)
    course.section.add_child(instance=page)
    page.save_revision(clean=False)
    return page


def form_data(page, *, prompts=(), actions=(), **changes):
    """What the editor's form sends."""
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "aim": page.aim,
            "minutes": "75",
            "connects": "",
            "blurb": "Blurb.",
            "between": rich_text(""),
            "seo_title": "",
            "search_description": "",
            "outcomes": inline_formset([]),
            "prompts": inline_formset([{"text": text} for text in prompts]),
            "starter_actions": inline_formset(
                [{"what": what, "why": "", "how_we_will_know": ""} for what in actions]
            ),
            "comments": inline_formset([]),
            **changes,
        }
    )


def edit(client, page, **data):
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, **data), follow=True
    )


FOUR = ["One?", "Two?", "Three?", "Four?"]


def test_the_list_names_everything_that_is_missing(draft):
    missing = missing_from_page(draft)
    assert missing[0] == "an aim"
    assert [words.split(":")[0] for words in missing] == [
        "an aim",
        "a clip",
        "a facilitator guide",
        "a task sheet",
        "4 prompts",
        "an idea to start from",
    ]


def test_a_draft_always_saves(as_, edith, draft):
    answer = edit(as_(edith), draft)
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.get_latest_revision_as_object().blurb == "Blurb."
    assert not draft.live


def test_publishing_is_blocked_with_the_list(as_, edith, draft):
    answer = edit(
        as_(edith), draft, aim="Agree.", prompts=FOUR[:3], actions=["Try"], **{"action-publish": "1"}
    )
    for words in ("Missing: a clip", "Missing: a facilitator guide", "Missing: a task sheet", "there are 3"):
        assert words in answer.text
    assert "Missing: an idea" not in answer.text
    draft.refresh_from_db()
    assert not draft.live


def test_nothing_typed_is_lost_when_publishing_is_blocked(as_, edith, draft):
    answer = edit(as_(edith), draft, aim="Agree on one thing.", **{"action-publish": "1"})
    assert "Agree on one thing." in answer.text


def test_a_whole_session_goes_live(as_, edith, draft, make_parts):
    make_parts(draft)
    edit(as_(edith), draft, aim="Agree.", prompts=FOUR, actions=["Try"], **{"action-publish": "1"})
    draft.refresh_from_db()
    assert draft.live
    assert draft.prompts.count() == 4


def test_parts_in_draft_count(draft, make_parts):
    for page in make_parts(draft).values():
        page.unpublish()
    assert [words for words in missing_from_page(draft) if "clip" in words or "guide" in words] == []


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_a_new_session_cannot_go_live_at_once(as_, edith, course, action):
    page = SessionPage(title="Fresh", slug="fresh", aim="Agree.")
    address = reverse("wagtailadmin_pages:add", args=["courses", "sessionpage", course.section.pk])
    data = form_data(page, prompts=FOUR, actions=["Try"], **{action: "1"})
    answer = as_(edith).post(address, data, follow=True)
    assert not SessionPage.objects.filter(slug="fresh", live=True).exists()
    if action == "action-publish":
        assert "Missing: a clip" in answer.text


def test_other_ways_to_publish_are_blocked_too(draft):
    with pytest.raises(UnfinishedSessionError, match="“New session” cannot be published yet"):
        draft.save_revision(clean=False).publish()
    draft.refresh_from_db()
    assert not draft.live


def test_publishing_several_pages_at_once_is_blocked_in_words(as_, edith, draft):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = as_(edith).post(f"{address}?id={draft.pk}", follow=True)
    assert "Nothing was published. These sessions are not finished yet: “New session”." in answer.text
    draft.refresh_from_db()
    assert not draft.live


def test_publishing_a_section_with_all_below_it_is_blocked_too(as_, edith, course, draft):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    data = {"include_descendants": "on"}
    as_(edith).post(f"{address}?id={course.section.pk}", data, follow=True)
    draft.refresh_from_db()
    assert not draft.live


def test_the_editor_says_what_is_missing(as_, edith, draft):
    text = as_(edith).get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).text
    assert "What is missing" in text
    assert "a clip: add a clip page below this session" in text


def test_editors_may_publish(edith, course):
    assert course.page.permissions_for_user(edith).can_publish()


@pytest.mark.parametrize("name", ["home", "index", "course", "section", "session"])
def test_every_kind_of_page_can_be_edited_and_previewed(as_, edith, course, name):
    home = course.page.get_parent().get_parent().specific
    pages = {
        "home": home,
        "index": course.page.get_parent().specific,
        "course": course.page,
        "section": course.section,
        "session": course.session_page,
    }
    page, client = pages[name], as_(edith)
    page.save_revision()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert page.title in answer.text or name == "home"


def test_libraries_are_not_in_the_menu(as_, stan, course):
    text = as_(stan).get("/admin/").text
    for library in ("documents", "images"):
        assert f'"/admin/{library}/' not in text


def test_what_was_rented_stays_open(as_, stan, rental, course):
    pairing = ProductSection.objects.get(product=course.product)
    address = reverse("wagtailsnippets_courses_productsection:delete", args=[pairing.pk])
    as_(stan).post(address)
    assert ProductSection.objects.filter(pk=pairing.pk).exists()
    other = make.make_section(course.page, "Another section")
    edit = reverse("wagtailsnippets_courses_productsection:edit", args=[pairing.pk])
    as_(stan).post(edit, {"product": course.product.pk, "section_page": other.pk})
    pairing.refresh_from_db()
    assert pairing.section_page_id == course.section.pk
    unused = ProductSection.objects.create(product=make.make_product("Unsold"), section_page=course.section)
    as_(stan).post(reverse("wagtailsnippets_courses_productsection:delete", args=[unused.pk]))
    assert not ProductSection.objects.filter(pk=unused.pk).exists()


def test_publishing_a_section_takes_nothing_away_from_products(course):
    course.section.save_revision().publish()
    assert ProductSection.objects.filter(section_page=course.section).count() == 1
    assert Page.objects.get(pk=course.section.pk).live
