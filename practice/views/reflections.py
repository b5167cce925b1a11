"""Saving an answer to a prompt: by itself while one types, and by the form's buttons."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.models import ReflectivePrompt
from courses.querysets import rentals_of
from elearning.periods import london_day
from practice import outlines
from practice.forms import ReflectionForm, SharingForm
from practice.models import Reflection
from practice.services import reflections as services
from practice.views import answers
from teams.models import Membership, Team

PAGE = "practice/reflection.html"
ACCESS_ENDED = "Your access has ended, so this cannot be saved here any more. "


@dataclass
class Place:
    """Where somebody writes: a prompt, and their membership of the setting that opens it, or opened it."""

    prompt: ReflectivePrompt
    membership: Membership
    is_open: bool

    @property
    def address(self) -> str:
        """Where the form sends its words."""
        return reverse("practice:save_reflection", args=[self.membership.care_setting.slug, self.prompt.pk])


def find_place_or_404(request: HttpRequest, slug: str, prompt_id: int) -> Place:
    """Find the prompt for who works, or worked, in the setting that rents, or rented, it. Else Http404."""
    prompt = outlines.find_prompt(prompt_id)
    if prompt is None:
        raise Http404("No such prompt.")
    section_path = prompt.session_page.section_path
    today = london_day(timezone.now())
    membership, is_open = outlines.find_writer(request.user, slug=slug, section_path=section_path, day=today)
    if membership is None:
        raise Http404("No such setting.")
    if not is_open and not rentals_of(section_path, [membership.care_setting_id]).exists():
        raise Http404("Never rented.")
    return Place(prompt, membership, is_open)


@login_not_required
@require_POST
def save_reflection(request: HttpRequest, slug: str, prompt_id: int) -> HttpResponse:
    """Keep what somebody wrote, whatever has happened to their sign-in, their access or their other tab."""
    if not request.user.is_authenticated:
        return answers.sign_in_first(request)
    place = find_place_or_404(request, slug, prompt_id)
    form = ReflectionForm(request.POST)
    if not place.is_open:
        return access_ended(request, place, form)
    if not form.is_valid():
        return refuse_words(request, place, form)
    try:
        reflection = services.save_reflection(
            author=request.user,
            care_setting=place.membership.care_setting,
            prompt=place.prompt,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except services.TextsDifferError as clash:
        return show_both(request, place, form, clash)
    if answers.wants_json(request):
        return answers.saved(reflection.saved_at, reflection.version)
    return press_button(request, place, reflection)


def press_button(request: HttpRequest, place: Place, reflection: Reflection) -> HttpResponse:
    """Do what the button says once the words are kept: save, finish or share."""
    button = request.POST.get("button", "save")
    if button == "share":
        teams = Team.objects.visible_to_member(place.membership).by_name()
        form = SharingForm(request.POST, teams=[(team.pk, team.name) for team in teams])
        if not form.is_valid():
            return refuse_words(request, place, form)
        team = next((one for one in teams if one.pk == form.team_id), None)
        services.share_reflection(
            reflection=reflection, shared_with=form.shared_with, team=team, now=timezone.now()
        )
        messages.success(request, tell_who_reads(reflection))
    elif button == "finish":
        services.finish_reflection(reflection=reflection)
        messages.success(request, "Finished, and kept in your journal.")
    else:
        messages.success(
            request,
            "Saved. Only you can see it until you share it." if not reflection.is_shared else "Saved.",
        )
    return answers.go_back(
        request,
        reverse("practice:journal", args=[place.membership.care_setting.slug]),
        f"prompt-{place.prompt.pk}",
    )


def tell_who_reads(reflection: Reflection) -> str:
    """Say who can read a reflection from now on."""
    if reflection.shared_with == Reflection.SharedWith.TEAM:
        return f"Everyone in {reflection.team} and your managers can read this answer now."
    if reflection.shared_with == Reflection.SharedWith.FACILITATOR:
        return f"The facilitators of {reflection.team or 'your setting'} can read this answer now."
    return "Only you can read this answer now."


def refuse_words(request: HttpRequest, place: Place, form) -> HttpResponse:
    """422: what to mend; every word is still there."""
    if answers.wants_json(request):
        return answers.errors(form)
    text = request.POST.get("text", "")
    if not isinstance(form, ReflectionForm):
        form = ReflectionForm(request.POST)
    return answers.unprocessable(
        request, PAGE, {"place": place, "form": form, "text": text, **_page(request, place)}
    )


def show_both(
    request: HttpRequest, place: Place, form: ReflectionForm, clash: services.TextsDifferError
) -> HttpResponse:
    """409: both texts, and both are kept."""
    theirs = clash.reflection
    if answers.wants_json(request):
        return answers.clash(str(clash), theirs.text, theirs.version)
    again = ReflectionForm({"text": form.cleaned_data["text"], "version": theirs.version})
    context = {"place": place, "form": again, "theirs": theirs, "reason": str(clash), **_page(request, place)}
    return render(request, PAGE, context, status=409)


def access_ended(request: HttpRequest, place: Place, form: ReflectionForm) -> HttpResponse:
    """409: the rental is over, or the person was removed. What was begun before keeps its last words."""
    kept = None
    if form.is_valid():
        kept = services.keep_last_words(
            author=request.user,
            care_setting=place.membership.care_setting,
            prompt=place.prompt,
            text=form.cleaned_data["text"],
            now=timezone.now(),
        )
    reason = ACCESS_ENDED + (
        "Your words are kept: download them from your journal." if kept else "Copy your words before you go."
    )
    if answers.wants_json(request):
        return answers.refused(reason)
    context = {"place": place, "kept": kept, "reason": reason, "text": request.POST.get("text", "")}
    return render(request, "practice/access_ended.html", context, status=409)


def _page(request: HttpRequest, place: Place) -> dict:
    return {
        "membership": place.membership,
        "care_setting": place.membership.care_setting,
        "back": answers.find_way_back(request, place.prompt.session_page.address),
    }
