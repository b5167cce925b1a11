"""Papers to download. The pages themselves are Wagtail's."""

from django.urls import path

from facilitator_guides import views

app_name = "facilitator_guides"
SESSION = "courses/<slug:course>/<slug:section>/<slug:session_page>"
urlpatterns = [
    path(f"{SESSION}/guide.pdf", views.guide_pdf, name="guide_pdf"),
    path(f"{SESSION}/<slug:task_sheet>.pdf", views.task_sheet_pdf, name="task_sheet_pdf"),
]
