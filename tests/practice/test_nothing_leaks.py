"""A canary in every text column of one person: nobody else finds it, in any page, file, log or job."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from practice.models import Reflection, ReflectionCopy
from tests import factories as make

CANARY = "quillwortleaf"
OTHERS = ("maya", "fred", "noor", "omar", "edith", "stan", "leo", "outsider")


@pytest.fixture
def canary(priya, willow_lane, course, rental, plan, action):
    """Unshared answers of priya's to every prompt, with second copies, all with the word."""
    for prompt in course.session_page.prompts.all():
        kept = make.make_reflection(priya, willow_lane, prompt, text=f"{CANARY} {prompt.pk}", status="sent")
        kept.copies.create(text=f"{CANARY} again {prompt.pk}")
    return CANARY


@pytest.fixture
def addresses(plan_url, action, course, willow_lane, harbour_house):
    """Every address that could show somebody's words."""
    lane = [
        reverse(f"practice:{name}", args=[setting.slug])
        for name in ("setting_home", "courses", "journal", "shared")
        for setting in (willow_lane, harbour_house)
    ]
    own = [reverse(f"practice:{name}") for name in ("own_journal", "journal_print", "journal_txt")]
    plans = [plan_url(name) for name in ("plan", "plan_csv", "plan_print", "plan_pdf", "add_action")]
    admin = ["/admin/", "/admin/reports/site-history/", f"/admin/pages/{course.session_page.pk}/edit/"]
    admin += [f"/admin/pages/search/?q={CANARY[:-4]}", f"/admin/pages/{course.session_page.pk}/history/"]
    people = [f"/at/{willow_lane.slug}/people/", "/at/"]
    return [*lane, *own, *plans, plan_url("action", action.pk), course.session_page.address, *admin, *people]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_the_word(as_, request, canary, addresses, who, caplog):
    client = as_(request.getfixturevalue(who))
    with caplog.at_level("DEBUG"):
        for address in addresses:
            answer = client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert canary.encode() not in content, address
    own_lines = [line for line in caplog.text.splitlines() if "django.db.backends" not in line]
    assert not [line for line in own_lines if canary in line]


def test_its_author_does(as_, priya, canary, willow_lane, course):
    client = as_(priya)
    for address in (f"/at/{willow_lane.slug}/journal/", "/journal/", "/journal/my-journal.txt"):
        assert canary.encode() in client.get(address).content
    assert canary.encode() in client.get(course.session_page.address).content


def test_the_word_stands_in_no_other_table(canary, as_, maya, priya, addresses):
    """Not in Wagtail's history or search, nor in a job: only where its author wrote it."""
    for address in addresses:
        as_(maya).get(address)
    for model in apps.get_models():
        if model in (Reflection, ReflectionCopy):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                found = model._base_manager.filter(**{f"{field.name}__icontains": canary})
                assert not found.exists(), f"{model.__name__}.{field.name}"


def test_the_tables_of_words_are_nowhere_in_wagtail():
    """No snippet, no search index, no history of what people write."""
    from wagtail.search.index import get_indexed_models
    from wagtail.snippets.models import get_snippet_models

    ours = set(apps.get_app_config("practice").get_models())
    assert not ours & set(get_indexed_models())
    assert not ours & set(get_snippet_models())
