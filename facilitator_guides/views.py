"""Guides and task sheets as PDF: found by their address, then through the same gate as the page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from elearning import printing
from facilitator_guides import printouts
from facilitator_guides.models import GUIDE_SLUG, GuidePage, PrintedPage, TaskSheetPage


@require_safe
def guide_pdf(request: HttpRequest, course: str, section: str, session_page: str) -> HttpResponse:
    """The guide of a session on paper, for those who lead."""
    page = _find_or_404(GuidePage, f"/courses/{course}/{section}/{session_page}/{GUIDE_SLUG}/")
    return page.serve(request, answer=print_guide)


@require_safe
def task_sheet_pdf(
    request: HttpRequest, course: str, section: str, session_page: str, task_sheet: str
) -> HttpResponse:
    """A task sheet on paper, for every member."""
    page = _find_or_404(TaskSheetPage, f"/courses/{course}/{section}/{session_page}/{task_sheet}/")
    return page.serve(request, answer=print_task_sheet)


def print_guide(request: HttpRequest, guide_page: GuidePage) -> HttpResponse:
    """Answer with the PDF of a guide that the gate has opened."""
    context = printouts.guide_context(guide_page, opening=request.opening)
    stills = printouts.stills(context["clips"])
    html = render_to_string("print/facilitator_guides/guide.html", {**context, "stills": stills})
    name = f"{context['session_page'].slug}-facilitator-guide.pdf"
    return printing.answer_with_kept_paper(request, html, file_name=name, files=stills)


def print_task_sheet(request: HttpRequest, sheet_page: TaskSheetPage) -> HttpResponse:
    """Answer with the PDF of a task sheet that the gate has opened."""
    context = printouts.task_sheet_context(sheet_page, opening=request.opening)
    html = render_to_string("print/facilitator_guides/task_sheet.html", context)
    return printing.answer_with_kept_paper(request, html, file_name=f"{sheet_page.slug}.pdf")


def _find_or_404(kind: type[PrintedPage], address: str) -> PrintedPage:
    page = kind.objects.at_address(address).first()
    if page is None:
        raise Http404("No such page.")
    return page
