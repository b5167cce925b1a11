"""What a setting's people write and do: home, courses, journal, team action plans."""

from django.urls import path

from practice.views import actions, home, journal, plans, reflections

app_name = "practice"
urlpatterns = [
    path("at/<slug:slug>/", home.setting_home, name="setting_home"),
    path("at/<slug:slug>/courses/", home.courses, name="courses"),
    path(
        "at/<slug:slug>/prompts/<int:prompt_id>/reflection/",
        reflections.save_reflection,
        name="save_reflection",
    ),
    path("at/<slug:slug>/journal/", journal.journal, name="journal"),
    path("at/<slug:slug>/shared/", journal.shared, name="shared"),
    path("journal/", journal.own_journal, name="own_journal"),
    path("journal/print/", journal.journal_print, name="journal_print"),
    path("journal/my-journal.txt", journal.journal_txt, name="journal_txt"),
    path("journal/<int:reflection_id>/share/", journal.share_reflection, name="share_reflection"),
    path("journal/<int:reflection_id>/remove/", journal.remove_reflection, name="remove_reflection"),
    path("journal/copies/<int:copy_id>/remove/", journal.remove_copy, name="remove_copy"),
    path("at/<slug:slug>/teams/<slug:team>/plan/", plans.choose_plan, name="choose_plan"),
    path(
        "at/<slug:slug>/sessions/<int:session_page_id>/action/",
        actions.add_from_session,
        name="add_from_session",
    ),
    path("at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/", plans.plan, name="plan"),
    path(
        "at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/working/",
        plans.save_working,
        name="save_working",
    ),
    path(
        "at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/actions/new/",
        actions.add_action,
        name="add_action",
    ),
    path(
        "at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/actions/<int:action_id>/",
        actions.action,
        name="action",
    ),
    path(
        "at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/actions/<int:action_id>/review/",
        actions.review_action,
        name="review_action",
    ),
    path("at/<slug:slug>/teams/<slug:team>/<slug:course>/plan.csv", plans.plan_csv, name="plan_csv"),
    path("at/<slug:slug>/teams/<slug:team>/<slug:course>/plan.pdf", plans.plan_pdf, name="plan_pdf"),
    path("at/<slug:slug>/teams/<slug:team>/<slug:course>/plan/print/", plans.plan_print, name="plan_print"),
]
