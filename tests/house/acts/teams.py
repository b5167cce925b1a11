"""Acts on settings, people and teams: Willow Lane's people try, and Harbour House's must not succeed."""

from teams.models import Membership
from tests import factories as make
from tests.house.acts import Act

MANAGERS = {"maya": 200, "priya": 403, "fred": 403, "noor": 403}
MANAGERS_DO = {**MANAGERS, "maya": 302}
HERE = {"slug": "willow-lane"}


def in_willow_lane(request) -> dict:
    """The address of something of the setting as a whole."""
    request.getfixturevalue("willow_lane")
    return HERE


def one_member(request) -> dict:
    """The address of fred's membership."""
    fred = request.getfixturevalue("fred")
    return {**HERE, "member_id": Membership.objects.get(user=fred, care_setting__slug="willow-lane").pk}


def one_team(request) -> dict:
    """The address of the Baby Room."""
    return {**HERE, "team_id": request.getfixturevalue("baby_room").pk}


def one_letter(request) -> dict:
    """The address of a fresh letter: each try has its own, because withdrawing uses it up."""
    return {**HERE, "invitation_id": make.make_invitation(request.getfixturevalue("willow_lane")).pk}


def one_request(request) -> dict:
    """The address of a fresh request to join by somebody new."""
    return {**HERE, "request_id": make.make_join_request(request.getfixturevalue("willow_lane")).pk}


def one_token(request) -> dict:
    """The address in a letter to somebody new."""
    return {"token": make.make_invitation(request.getfixturevalue("willow_lane")).token}


def one_code(request) -> dict:
    """The address on Willow Lane's poster."""
    return {"code": make.make_join_link(request.getfixturevalue("willow_lane")).code}


SETTING = {
    "name": "Willow Lane",
    "kind": "nursery",
    "address": "",
    "safeguarding_lead_name": "Sam Lead",
    "safeguarding_lead_contact": "01632 960000",
}
NEW_SETTING = {**SETTING, "name": "Quite New"}
# Who works in one setting goes straight to it; noor works in two.
CHOOSING = {"maya": 302, "fred": 302, "priya": 302, "omar": 302}

ACTS = [
    Act("teams:choose", CHOOSING, otherwise=200),
    Act("teams:new_care_setting", {}, otherwise=200),
    Act("teams:new_care_setting", {}, otherwise=302, method="post", data=lambda request: NEW_SETTING),
    Act("teams:details", MANAGERS, kwargs=in_willow_lane),
    Act("teams:details", MANAGERS_DO, method="post", kwargs=in_willow_lane, data=lambda request: SETTING),
    Act("teams:people", {"maya": 200, "fred": 200, "priya": 200, "noor": 200}, kwargs=in_willow_lane),
    Act("teams:member", MANAGERS, kwargs=one_member),
    Act("teams:change_teams", MANAGERS_DO, method="post", kwargs=one_member),
    Act("teams:change_roles", MANAGERS, kwargs=one_member),
    Act(
        "teams:change_roles",
        MANAGERS_DO,
        method="post",
        kwargs=one_member,
        data=lambda request: {"roles": ["facilitator"]},
        note="(asked who she is)",
    ),
    Act("teams:remove_member", MANAGERS, kwargs=one_member),
    Act("teams:remove_member", MANAGERS_DO, method="post", kwargs=one_member, note="(asked who she is)"),
    Act("teams:invite", MANAGERS, kwargs=in_willow_lane),
    Act(
        "teams:invite",
        MANAGERS_DO,
        method="post",
        kwargs=in_willow_lane,
        data=lambda request: {"emails": "somebody.new@example.org", "role": "practitioner"},
    ),
    Act("teams:resend_invitation", MANAGERS_DO, method="post", kwargs=one_letter),
    Act("teams:withdraw_invitation", MANAGERS_DO, method="post", kwargs=one_letter),
    Act("teams:join_link", MANAGERS, kwargs=in_willow_lane),
    Act("teams:join_poster", MANAGERS, kwargs=in_willow_lane),
    Act("teams:replace_join_link", MANAGERS_DO, method="post", kwargs=in_willow_lane),
    Act("teams:approve_join_request", MANAGERS, kwargs=one_request),
    Act(
        "teams:approve_join_request",
        MANAGERS_DO,
        method="post",
        kwargs=one_request,
        data=lambda request: {"role": "practitioner"},
    ),
    Act("teams:decline_join_request", MANAGERS_DO, method="post", kwargs=one_request),
    Act("teams:teams", MANAGERS, kwargs=in_willow_lane),
    Act(
        "teams:teams",
        MANAGERS_DO,
        method="post",
        kwargs=in_willow_lane,
        data=lambda request: {"name": "Garden Room"},
    ),
    Act("teams:rename_team", MANAGERS, kwargs=one_team),
    Act(
        "teams:rename_team",
        MANAGERS_DO,
        method="post",
        kwargs=one_team,
        data=lambda request: {"name": "Babies"},
    ),
    # A letter to somebody else's address is over for everyone who is signed in.
    Act("teams:accept_invitation", {"stranger": 302}, otherwise=410, kwargs=one_token),
    Act("teams:invitation", {"stranger": 410}, otherwise=410, note="without a letter"),
    Act("teams:invitation", {"stranger": 410}, otherwise=410, method="post", note="without a letter"),
    Act(
        "teams:join",
        {"stranger": 200, "maya": 302, "fred": 302, "priya": 302, "noor": 302},
        otherwise=200,
        kwargs=one_code,
    ),
    Act("teams:join", {"stranger": 200}, otherwise=302, method="post", kwargs=one_code),
]
