"""The living page of the design system: every component in every state. Development only."""

from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

ACTIVITIES = ["watch", "talk", "reflect", "plan"]
TONES = ["info", "warning", "alert", "done", "safeguarding"]
MOTIFS = ["key_person", "key_working", "designated"]


class EveryFieldForm(forms.Form):
    """One field of each kind that the site uses."""

    what = forms.CharField(label="What will you do?", help_text="One thing, small enough for this month.")
    why = forms.CharField(label="Why?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    by_when = forms.DateField(label="By when?", widget=forms.DateInput(attrs={"type": "date"}))
    team = forms.ChoiceField(
        label="Team", choices=[("", "Choose a team"), ("baby", "Baby Room"), ("pre", "Preschool")]
    )
    visible = forms.ChoiceField(
        label="Who may read it?",
        choices=[("me", "Only me"), ("fred", "Our facilitator"), ("team", "My team")],
        widget=forms.RadioSelect,
        help_text="You can change this later.",
    )
    present = forms.MultipleChoiceField(
        label="Who was there?",
        choices=[("p", "Priya"), ("n", "Noor"), ("t", "Tess")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    film = forms.FileField(label="Film", required=False, help_text="MP4 or MOV, at most 2 GB.")
    agree = forms.BooleanField(
        label="I accept the terms for our setting", help_text="One rental is for one setting."
    )


@login_not_required
def design(request: HttpRequest) -> HttpResponse:
    """GET: all components. They are shown with made-up people and settings."""
    lane = SimpleNamespace(
        name="Willow Lane Nursery",
        slug="willow-lane",
        safeguarding_lead_name="Maya Okafor",
        safeguarding_lead_contact="01632 960 123",
    )
    wrong_form = EveryFieldForm(
        {"what": "", "email": "not an address", "why": "Because", "team": "x"}, prefix="wrong"
    )
    return render(
        request,
        "design/index.html",
        {
            "membership": SimpleNamespace(care_setting=lane, manages=True),
            "activities": ACTIVITIES,
            "tones": TONES,
            "motifs": MOTIFS,
            "form": EveryFieldForm(),
            "wrong_form": wrong_form,
            "now": timezone.now(),
            "page_obj": Paginator(range(120), 20).page(3),
            "trail": [("Courses", "#"), ("The key person approach", "#"), ("Section two", "#")],
            "tabs": [("With your team", "#", True), ("On your own", "#", False)],
            "facts": [("Who it is for", "Everyone in one nursery"), ("How long", "5 sessions of 75 minutes")],
            "headings": ["Action", "Who", "By when", "How it stands"],
            "rows": [
                ["Sit on the floor at every arrival", "Priya", "28 November 2026", "Going well"],
                ["Swap the changing rota", "Fred", "14 November 2026", "Overdue"],
            ],
            "outline": [
                {"title": "Sharing the care", "url": "#"},
                {"title": "Everyday care as key time", "url": "#", "is_here": True},
                {"title": "Closeness, love and being professional", "url": "#"},
            ],
            "steps": [
                {
                    "title": "Invite your team",
                    "text": "They join with a link or by e-mail.",
                    "url": "#",
                    "action": "Invite people",
                    "is_done": True,
                },
                {
                    "title": "Name a facilitator",
                    "text": "Who leads the first session?",
                    "url": "#",
                    "action": "Choose a facilitator",
                    "kind": "primary",
                },
                {
                    "title": "Open session one",
                    "text": "75 minutes, with your team or alone.",
                    "url": "#",
                    "action": "Open session one",
                },
            ],
        },
    )
