"""What a stranger sees is good at every width, light and dark."""

import pytest

from tests.browser.conftest import assert_good_everywhere


@pytest.mark.parametrize(
    ("name", "address"),
    [("home", "/"), ("catalogue", "/courses/"), ("sign-in", "/account/login/"), ("sign-up", "/account/signup/")],
)
def test_a_stranger_reads_a_good_page(visit, course, name, address):
    visitor = visit()
    visitor.open(address)
    assert_good_everywhere(visitor, name)
