"""The demo's words: whole, well formed, and in the words that we use."""

import re
import textwrap
from dataclasses import fields, is_dataclass

import pytest

from elearning.demo.content import (
    CONTENT_ROOT,
    ContentError,
    film_keys,
    load_courses,
    load_film,
    load_people,
    load_products,
    load_session,
    read_record,
)
from elearning.demo.records import PLACES, Products

COURSES = load_courses()
PLACED = [
    (course, section, blurb)
    for course in COURSES
    for section in course.sections
    for blurb in section.sessions
]
WHOLE = [load_session(*where) for where in PLACED if where[2].file]
PEOPLE = load_people()
WRITTEN_FILES = sorted(CONTENT_ROOT.rglob("*.toml"))

BANNED = re.compile(r"\b(learner|user|module|submit|submitted|seat|licence|dashboard|onboarding)s?\b", re.I)
NEVER_SHORTENED = re.compile(r"\b(CIC|LAC|CLA|SEND|SENCO|DSL)\b")
SPELT_OUT_FIRST = ("PEP", "EYPP", "EHC", "IRO", "TAC")


def name_of(thing):
    return thing.slug if hasattr(thing, "slug") else getattr(thing, "stem", str(thing))


def words_of(thing):
    """Every string in a record, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list):
        for item in thing:
            yield from words_of(item)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from words_of(getattr(thing, one.name))


def test_there_are_three_courses_and_eight_whole_sessions():
    assert [course.slug for course in COURSES] == [
        "key-person-approach",
        "key-working",
        "designated-key-person",
    ]
    assert [len(section.sessions) for course in COURSES for section in course.sections] == [5, 5, 6, 5]
    assert len(WHOLE) == 8
    whole_section = {section.slug: section for _, section, _ in PLACED}["the-role-of-the-key-person"]
    assert all(blurb.file for blurb in whole_section.sessions)


def test_every_session_file_is_named_by_a_course():
    named = {(c.slug, s.slug, b.file) for c, s, b in PLACED if b.file}
    there = {path.parts[-3:] for path in (CONTENT_ROOT / "courses").glob("*/*/*.toml")}
    assert there == named


@pytest.mark.parametrize("course", COURSES, ids=name_of)
def test_a_course_page_has_all_it_needs(course):
    assert len(course.questions) == 5
    assert 2 <= len(course.principles) <= 4
    assert len(course.who_for) >= 2
    assert len(course.outcomes) >= 3
    assert course.sample_clip in film_keys()
    for section in course.sections:
        assert [blurb.order for blurb in section.sessions] == list(range(1, len(section.sessions) + 1))
        minutes = {"key-working": 90}.get(course.slug, 75)
        assert section.hours * 60 == minutes * len(section.sessions)


@pytest.mark.parametrize(("course", "section", "blurb"), PLACED, ids=lambda one: name_of(one))
def test_a_blurb_is_about_two_sentences(course, section, blurb):
    assert 2 <= len(re.findall(r"[.?!](?:\s|$)", blurb.blurb)) <= 3
    if blurb.file:
        whole = load_session(course, section, blurb)
        assert (whole.slug, whole.title) == (blurb.slug, blurb.title)
        assert blurb.file == f"{blurb.order:02}-{blurb.slug}.toml"


@pytest.mark.parametrize("whole", WHOLE, ids=name_of)
def test_a_whole_session_has_every_part(whole):
    assert 4 <= len(whole.prompts) <= 6
    assert len(whole.outcomes) == 3
    assert len(whole.starter_actions) == 3
    assert len(whole.clips) == 3
    assert len(whole.task_sheets) == 2
    assert 2 <= len(whole.guide.cards) <= 3
    assert all(text for text in words_of(whole.prompts))


@pytest.mark.parametrize("whole", WHOLE, ids=name_of)
def test_the_minutes_of_a_guide_add_up_to_the_session(whole):
    assert sum(step.minutes for step in whole.guide.steps) == whole.minutes
    assert any(step.is_keep for step in whole.guide.steps)


@pytest.mark.parametrize("whole", WHOLE, ids=name_of)
def test_a_guide_step_says_enough_to_lead_from(whole):
    for step in whole.guide.steps:
        count = len(step.what_happens.split())
        assert 60 <= count <= 140, f"{step.title}: {count} words"


@pytest.mark.parametrize("whole", WHOLE, ids=name_of)
def test_a_clip_has_a_film_and_stops_early_enough(whole):
    for clip in whole.clips:
        film = load_film(clip.film)
        assert 1 <= len(clip.pause_points) <= 2
        for pause_point in clip.pause_points:
            assert 3 <= pause_point.at_seconds <= min(16, film.reading_seconds - 1)


@pytest.mark.parametrize("whole", WHOLE, ids=name_of)
def test_a_task_sheet_block_has_what_its_type_needs(whole):
    needs = {"table": "columns", "boxes": "labels", "checklist": "items", "cards": "items", "text": "text"}
    for sheet in whole.task_sheets:
        assert sheet.how_to
        assert sheet.blocks
        for block in sheet.blocks:
            if block.type == "lines":
                assert block.label
                assert block.count
            else:
                assert getattr(block, needs[block.type])
            if block.type == "table":
                assert bool(block.rows) != bool(block.blank_rows)
                assert all(len(row) == len(block.columns) for row in block.rows)


def test_every_film_is_shown_once():
    shown = [clip.film for whole in WHOLE for clip in whole.clips]
    assert sorted(shown) == film_keys()
    assert len(shown) == 24


@pytest.mark.parametrize("key", film_keys())
def test_a_film_can_be_drawn_and_read(key):
    film = load_film(key)
    cast = {member.id for member in film.cast}
    assert len(cast) == len(film.cast)
    assert all(member.at in PLACES | {""} for member in film.cast)
    for beat in film.beats:
        assert {beat.who, beat.speaker} <= cast | {""}
        assert beat.to in cast | PLACES | {""}
        assert bool(beat.does) == bool(beat.who)
        assert bool(beat.line) == bool(beat.speaker)
        assert not (beat.line and beat.sound)
        assert beat.does or beat.line or beat.sound
        assert len(beat.line) <= 84
        assert len(beat.sound) <= 84
        assert len(textwrap.wrap(beat.line or beat.sound, 42)) <= 2
        assert not beat.sound or re.fullmatch(r"\[.+\]", beat.sound)
    assert 5 <= sum(bool(beat.line or beat.sound) for beat in film.beats) <= 10
    assert 18 <= film.reading_seconds <= 28, f"{film.reading_seconds:.1f} s"


@pytest.mark.parametrize("path", WRITTEN_FILES, ids=name_of)
def test_only_our_own_words_are_used(path):
    text = path.read_text(encoding="utf-8")
    assert not BANNED.findall(text)
    assert not NEVER_SHORTENED.findall(text)
    for short in SPELT_OUT_FIRST:
        first = re.search(rf"\b{short}\b", text)
        assert not first or text[first.start() - 1] == "(", f"{short} is not explained at first use"


@pytest.mark.parametrize("path", WRITTEN_FILES, ids=name_of)
def test_spelling_is_british(path):
    american = re.findall(
        r"\b(color|behavior|organiz\w+|recogniz\w+|realiz\w+|apologiz\w+|favorite|center|program|mom)\b",
        path.read_text(encoding="utf-8"),
        re.I,
    )
    assert not american


def test_products_open_sections_that_exist():
    there = {f"{course.slug}/{section.slug}" for course in COURSES for section in course.sections}
    products = {product.slug: product for product in load_products()}
    assert {slug: product.price_minor for slug, product in products.items()} == {
        "a-section-one": 6900,
        "a-section-two": 6900,
        "a-both": 11900,
        "b": 6900,
        "c": 4900,
    }
    for product in products.values():
        assert product.months == 12
        assert set(product.sections) <= there


def test_people_settings_and_teams_fit_together():
    teams = {setting.slug: set(setting.teams) for setting in PEOPLE.settings}
    products = {product.slug for product in load_products()}
    assert len({person.email for person in PEOPLE.people}) == len(PEOPLE.people)
    for person in PEOPLE.people:
        assert person.email == f"{person.key}@demo.example"
        for membership in person.memberships:
            assert set(membership.teams) <= teams[membership.setting]
    for setting in PEOPLE.settings:
        for rental in setting.rentals:
            assert rental.product in products
            assert (rental.started_days_ago is None) != (rental.ends_in_days is None)


def test_every_setting_has_an_owner():
    owned = {
        membership.setting
        for person in PEOPLE.people
        for membership in person.memberships
        if "owner" in membership.roles
    }
    assert owned == {setting.slug for setting in PEOPLE.settings}


def members_of(setting, team=None):
    return {
        person.key
        for person in PEOPLE.people
        for membership in person.memberships
        if membership.setting == setting and (team is None or team in membership.teams)
    }


@pytest.mark.parametrize("plan", PEOPLE.plans, ids=lambda plan: plan.team)
def test_a_plan_is_a_believable_half_year(plan):
    sessions = {blurb.slug for course, _, blurb in PLACED if course.slug == plan.course}
    people = members_of(plan.setting)
    assert len(plan.actions) == {"Baby Room": 7, "Preschool": 5}[plan.team]
    for action in plan.actions:
        assert action.session in sessions
        assert action.who in people
        assert 1 <= len(action.reviews) <= 3
        assert bool(action.needs_what) == action.needs_manager
        days = [review.days_ago for review in action.reviews]
        assert days == sorted(days, reverse=True)
        assert action.created_days_ago > days[0]
        assert {review.by for review in action.reviews} <= people
        last = action.reviews[-1].verdict
        expected = {"done": "done", "dropped": "dropped"}.get(last, "open")
        assert action.status == expected


def test_exactly_one_open_action_is_overdue():
    late = [
        action
        for plan in PEOPLE.plans
        for action in plan.actions
        if action.status == "open" and action.due_in_days < 0
    ]
    assert len(late) == 1


def test_reflections_answer_real_prompts_and_one_is_shared():
    prompts = {whole.slug: len(whole.prompts) for whole in WHOLE}
    for reflection in PEOPLE.reflections:
        assert reflection.person in members_of(reflection.setting)
        assert 1 <= reflection.prompt <= prompts[reflection.session]
    assert {reflection.person for reflection in PEOPLE.reflections} == {"priya", "noor"}
    assert [one.shared_with for one in PEOPLE.reflections].count("team") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("products = 3", "products: expected a list"),
        ("[[products]]\nslug = 'a'", "products[0].name: is missing"),
        ("[[products]]\nslug = 7", "products[0].slug: expected str, found int"),
        ("colour = 'red'", "the file: does not know colour"),
        ("products = [", "products.toml"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path, text, message):
    path = tmp_path / "products.toml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        read_record(path, Products)
    assert message in str(caught.value)


def test_a_missing_film_is_named():
    with pytest.raises(ContentError, match="no such file"):
        load_film("no-such-film")
