"""Load the demo: products, courses, films, settings, people, rentals, plans and journals.

Safe to repeat: what is there already is left as it is, whatever was changed about it since. Each part is
loaded in a transaction of its own, so that breaking it off leaves no half of anything.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import transaction

from elearning.demo.content import CONTENT_ROOT, film_keys, load_courses, load_people, load_products
from elearning.demo.load_courses import load_catalogue, load_course_pages, load_film_clips
from elearning.demo.load_payers import load_payer
from elearning.demo.load_people import load_people_rows, load_rentals, load_settings
from elearning.demo.load_practice import load_plan, load_reflections
from elearning.demo.load_products import load_product_rows, load_promotion_codes
from video.services import DrawnFilm, draw_films

Draw = Callable[..., dict[str, DrawnFilm]]
Say = Callable[[str], None]


def load_everything(*, now: dt.datetime, say: Say, draw: Draw = draw_films) -> None:
    """Load what is not there yet, as of ``now``; ``say`` hears a word after each step.

    ``draw`` draws the films of stories, two at a time, and keeps them; the films then wait for process_clips.
    """
    films = draw(story_paths(), progress=lambda key: say(f"film {key}"))
    people = load_people()
    steps: list[tuple[str, Callable[[], None]]] = [
        ("products", lambda: load_product_rows(load_products())),
        ("promotion codes", load_promotion_codes),
        ("people", lambda: load_people_rows(people, now=now)),
        ("settings", lambda: load_settings(people, now=now)),
        ("catalogue", load_catalogue),
    ]
    steps += [("films", lambda: load_film_clips(films))]
    steps += [
        (course.title, lambda course=course: load_course_pages(course, films)) for course in load_courses()
    ]
    steps += [("rentals", lambda: load_rentals(people, load_products(), now=now))]
    steps += [("a nursery group", lambda: load_payer(now=now))]
    steps += [(f"plan of {plan.team}", lambda plan=plan: load_plan(plan, now=now)) for plan in people.plans]
    steps += [("journals", lambda: load_reflections(people.reflections, now=now))]
    for words, load in steps:
        with transaction.atomic():
            load()
        say(words)


def count_steps() -> int:
    """How many words ``load_everything`` will say."""
    return len(film_keys()) + 9 + len(load_courses()) + len(load_people().plans)


def story_paths() -> Mapping[str, Path]:
    """The files of the films' stories by key."""
    return {key: CONTENT_ROOT / "films" / f"{key}.toml" for key in film_keys()}
