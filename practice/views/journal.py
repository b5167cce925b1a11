"""My journal: one's own answers, who may read them, and taking them out. Also what others shared."""

import logging
from collections.abc import Iterable
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from elearning.periods import london_day
from practice import outlines
from practice.forms import SharingForm, choices_of_readers, value_of_readers
from practice.models import Reflection, ReflectionCopy
from practice.printouts import journal_as_text
from practice.services import reflections as services
from practice.views import answers
from practice.views.reflections import tell_who_reads
from teams.access import get_membership_or_404
from teams.models import Membership, Team

logger = logging.getLogger(__name__)


@require_safe
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own answers in this setting, by session, newest first."""
    membership = get_membership_or_404(request, slug)
    mine = Reflection.objects.written_by(request.user).in_care_setting(membership.care_setting).as_journal()
    teams = [(team.pk, team.name) for team in Team.objects.visible_to_member(membership).by_name()]
    choices = choices_of_readers(teams)
    context = {
        "membership": membership,
        "sessions": by_session(mine),
        "choices": choices,
        "facilitators": outlines.facilitators_of([pk for pk, _ in teams]),
    }
    return render(request, "practice/journal.html", context)


@require_safe
def own_journal(request: HttpRequest) -> HttpResponse:
    """One's own answers in every setting, also those one has left."""
    mine = Reflection.objects.written_by(request.user).as_journal()
    choices = [(Reflection.SharedWith.NOBODY.value, "Only me")]
    return render(request, "practice/own_journal.html", {"sessions": by_session(mine), "choices": choices})


@require_safe
def journal_print(request: HttpRequest) -> HttpResponse:
    """The journal on paper."""
    mine = Reflection.objects.written_by(request.user).as_journal()
    return render(
        request, "print/practice/journal.html", {"sessions": by_session(mine), "activity": "reflect"}
    )


@require_safe
def journal_txt(request: HttpRequest) -> HttpResponse:
    """The journal as a text file, to take out; also when the rental is over or one has left."""
    mine = Reflection.objects.written_by(request.user).as_journal()
    logger.info("journal taken out by %s", request.user.pk)
    return HttpResponse(
        journal_as_text(mine),
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="my-journal.txt"',
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
def shared(request: HttpRequest, slug: str) -> HttpResponse:
    """What colleagues chose to let one read."""
    membership = get_membership_or_404(request, slug)
    theirs = list(
        Reflection.objects.shared_by_others(request.user)
        .in_care_setting(membership.care_setting)
        .select_related("author", "team", "care_setting")
        .newest_first()
    )
    logger.info("%s shared reflections read by %s", len(theirs), request.user.pk)
    context = {"membership": membership, "sessions": by_session(theirs, is_own=False)}
    return render(request, "practice/shared.html", context)


@require_POST
def share_reflection(request: HttpRequest, reflection_id: int) -> HttpResponse:
    """Choose who else may read one's own answer; who has left can only take it back."""
    mine = Reflection.objects.written_by(request.user).select_related("care_setting", "team")
    reflection = get_object_or_404(mine, pk=reflection_id)
    standing = Membership.objects.standing().for_user(request.user).in_care_setting(reflection.care_setting)
    membership = standing.first()
    teams = list(Team.objects.visible_to_member(membership).by_name()) if membership else []
    form = SharingForm(request.POST, teams=[(team.pk, team.name) for team in teams])
    if not form.is_valid() or (form.shared_with != Reflection.SharedWith.NOBODY and not membership):
        messages.error(request, "That choice is not there any more. Nothing was changed.")
        return answers.go_back(request, reverse("practice:own_journal"))
    team = next((one for one in teams if one.pk == form.team_id), None)
    services.share_reflection(
        reflection=reflection, shared_with=form.shared_with, team=team, now=timezone.now()
    )
    messages.success(request, tell_who_reads(reflection))
    return answers.go_back(request, reverse("practice:own_journal"), f"reflection-{reflection.pk}")


@require_POST
def remove_reflection(request: HttpRequest, reflection_id: int) -> HttpResponse:
    """Erase one's own answer."""
    mine = Reflection.objects.written_by(request.user)
    services.remove_reflection(reflection=get_object_or_404(mine, pk=reflection_id))
    messages.success(request, "Removed, for good.")
    return answers.go_back(request, reverse("practice:own_journal"))


@require_POST
def remove_copy(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Erase a second copy of one's own answer."""
    mine = ReflectionCopy.objects.written_by(request.user)
    services.remove_copy(copy=get_object_or_404(mine, pk=copy_id))
    messages.success(request, "Removed, for good.")
    return answers.go_back(request, reverse("practice:own_journal"))


def by_session(reflections: Iterable[Reflection], *, is_own: bool = True) -> list[dict]:
    """Answers under their session's title and setting, with what the page shows of each."""
    ordered = sorted(reflections, key=lambda one: one.created_at, reverse=True)
    first_seen: dict[tuple, int] = {}
    for one in ordered:
        first_seen.setdefault(_session_of(one), len(first_seen))
    ordered.sort(key=lambda one: first_seen[_session_of(one)])
    return [
        {
            "title": title,
            "care_setting": care_setting,
            "day": london_day(entries[0].created_at),
            "entries": [
                {
                    "reflection": one,
                    "readers": value_of_readers(one.shared_with, one.team_id),
                    "copies": [copy for copy in one.copies.all() if copy.text not in one.text]
                    if is_own
                    else [],
                }
                for one in entries
            ],
        }
        for (_, title), group in groupby(ordered, key=_session_of)
        for entries in [list(group)]
        for care_setting in [entries[0].care_setting]
    ]


def _session_of(reflection: Reflection) -> tuple[int, str]:
    return reflection.care_setting_id, reflection.session_title
