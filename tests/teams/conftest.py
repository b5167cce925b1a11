"""What the tests about people and teams share."""

import pytest

from teams.models import Membership
from tests.factories import PASSWORD


@pytest.fixture
def sure_of(as_):
    """A client of somebody who has shown just now who they are, as role changes ask."""

    def client_for(user):
        client = as_(user)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return client_for


@pytest.fixture
def member_of(db):
    """The membership of a person in a setting, as it stands now."""

    def find(user, care_setting):
        return Membership.objects.select_related("user", "care_setting").get(
            user=user, care_setting=care_setting
        )

    return find
