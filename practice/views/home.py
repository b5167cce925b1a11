"""A setting's home page, and the courses it rents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.gate import PREFERRED_SETTING
from elearning.periods import london_day
from practice import outlines
from practice.home import Home, course_tree, find_home
from teams.access import get_membership_or_404
from teams.models import Membership


@require_safe
def setting_home(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs you, then each team, then courses, rentals and downloads."""
    membership = get_membership_or_404(request, slug)
    remember_setting(request, slug)
    home = find_home(membership, london_day(timezone.now()))
    context = {
        "membership": membership,
        "home": home,
        "rentals": home.rentals,
        "steps": first_steps(membership, home),
    }
    return render(request, "practice/setting_home.html", context)


@require_safe
def courses(request: HttpRequest, slug: str) -> HttpResponse:
    """What the setting rents, with every session to open."""
    membership = get_membership_or_404(request, slug)
    remember_setting(request, slug)
    found = course_tree(outlines.outline_of(membership.care_setting, london_day(timezone.now())))
    return render(request, "practice/courses.html", {"membership": membership, "courses": found})


def remember_setting(request: HttpRequest, slug: str) -> None:
    """Note where the person works now: lesson pages open for this setting next."""
    if request.session.get(PREFERRED_SETTING) != slug:
        request.session[PREFERRED_SETTING] = slug


def first_steps(membership: Membership, home: Home) -> list[dict]:
    """Three things to do in a new setting, for those who can do them; the next has the page’s one button."""
    if not (home.is_new and membership.manages):
        return []
    people_url = reverse("teams:people", args=[membership.care_setting.slug])
    steps = [
        {
            "title": "Rent a course",
            "text": "One price for everyone in your setting, for 12 months.",
            "url": "/courses/",
            "action": "See the courses",
            "icon": "book-open",
            "is_done": bool(home.rentals),
        },
        {
            "title": "Invite your team",
            "text": "By e-mail, or with a link to pin up in the staff room. Everyone is in the price.",
            "url": people_url,
            "action": "Invite people",
            "icon": "user-plus",
            "is_done": home.people > 1,
        },
        {
            "title": "Name a facilitator",
            "text": "Somebody who leads the team sessions. Managers can lead them too.",
            "url": people_url,
            "action": "Choose a facilitator",
            "icon": "presentation",
            "is_done": home.facilitators > 0,
        },
    ]
    for step in steps:
        if not step["is_done"]:
            step["kind"] = "primary"
            break
    return steps
