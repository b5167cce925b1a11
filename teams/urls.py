"""Settings, their people and teams."""

from django.urls import path

from teams.views import care_settings, invitations, joining, people, teams

app_name = "teams"
urlpatterns = [
    path("at/", care_settings.choose, name="choose"),
    path("settings/new/", care_settings.new_care_setting, name="new_care_setting"),
    path("at/<slug:slug>/details/", care_settings.details, name="details"),
    path("at/<slug:slug>/people/", people.people, name="people"),
    path("at/<slug:slug>/people/<int:member_id>/", people.member, name="member"),
    path("at/<slug:slug>/people/<int:member_id>/teams/", people.change_teams, name="change_teams"),
    path("at/<slug:slug>/people/<int:member_id>/roles/", people.change_roles, name="change_roles"),
    path("at/<slug:slug>/people/<int:member_id>/remove/", people.remove_member, name="remove_member"),
    path("at/<slug:slug>/people/invite/", invitations.invite, name="invite"),
    path(
        "at/<slug:slug>/people/invitations/<int:invitation_id>/resend/",
        invitations.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "at/<slug:slug>/people/invitations/<int:invitation_id>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("at/<slug:slug>/people/join-link/", joining.join_link, name="join_link"),
    path("at/<slug:slug>/people/join-link/poster/", joining.join_poster, name="join_poster"),
    path("at/<slug:slug>/people/join-link/replace/", joining.replace_join_link, name="replace_join_link"),
    path(
        "at/<slug:slug>/people/requests/<int:request_id>/",
        joining.approve_join_request,
        name="approve_join_request",
    ),
    path(
        "at/<slug:slug>/people/requests/<int:request_id>/decline/",
        joining.decline_join_request,
        name="decline_join_request",
    ),
    path("at/<slug:slug>/people/teams/", teams.teams, name="teams"),
    path("at/<slug:slug>/people/teams/<int:team_id>/", teams.rename_team, name="rename_team"),
    path("invitations/<slug:token>/", invitations.accept_invitation, name="accept_invitation"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("join/<slug:code>/", joining.join, name="join"),
]
