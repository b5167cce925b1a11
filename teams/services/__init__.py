"""Writing about settings, teams and people."""

from teams.services.care_settings import (
    TeamNameTaken,
    add_team,
    create_care_setting,
    edit_care_setting,
    rename_team,
)
from teams.services.invitations import (
    InvitationOver,
    InviteOutcome,
    accept_invitation,
    invite_people,
    resend_invitation,
    withdraw_invitation,
)
from teams.services.joining import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyMember,
    DeclinedLately,
    approve_join_request,
    ask_to_join,
    decline_join_request,
    get_join_link,
    replace_join_link,
)
from teams.services.memberships import (
    LastOwner,
    NoRoleLeft,
    NotAllowedAnyMore,
    change_roles,
    change_teams,
    remove_member,
)
from teams.services.owners import invite_owner, open_care_setting, reserve_care_setting, use_owner_letter

__all__ = [
    "AlreadyAsked",
    "AlreadyDecided",
    "AlreadyMember",
    "DeclinedLately",
    "InvitationOver",
    "InviteOutcome",
    "LastOwner",
    "NoRoleLeft",
    "NotAllowedAnyMore",
    "TeamNameTaken",
    "accept_invitation",
    "add_team",
    "approve_join_request",
    "ask_to_join",
    "change_roles",
    "change_teams",
    "create_care_setting",
    "decline_join_request",
    "edit_care_setting",
    "get_join_link",
    "invite_owner",
    "invite_people",
    "open_care_setting",
    "remove_member",
    "rename_team",
    "replace_join_link",
    "resend_invitation",
    "reserve_care_setting",
    "use_owner_letter",
    "withdraw_invitation",
]
