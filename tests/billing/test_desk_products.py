"""Products at the order desk: changed with a reason, every change kept, and no order touched."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from billing import services
from billing.models import Order, Product, ProductChange
from billing.sandbox import payer
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    user = make.make_user("Clara Clerk")
    user.groups.add(Group.objects.get(name="Order desk"))
    return user


@pytest.fixture
def desk(as_, clerk):
    return as_(clerk)


def wish(product, **changes) -> dict:
    """The form as it was drawn, but for ``changes``."""
    values = {
        "name": product.name,
        "slug": product.slug,
        "blurb": product.blurb,
        "price": f"{product.price_minor / 100:.2f}",
        "months": product.months,
        "reason": "Costs went up",
        "seen": product.changes.count(),
        **({"is_on_sale": "on"} if product.is_on_sale else {}),
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def change(desk, product, **changes):
    return desk.post(reverse("billing_desk:product", args=[product.pk]), wish(product, **changes))


def test_the_list_shows_prices_and_what_is_not_on_sale(desk, product):
    make.make_product("Old one", is_on_sale=False, price_minor=12550)
    page = desk.get(reverse("billing_desk:products")).content.decode()
    for words in ("Section two", "£69", "Old one", "£125.50"):
        assert words in page


def test_a_change_keeps_who_when_from_what_to_what_and_why(desk, product, clerk):
    assert change(desk, product, price="79", months="6").status_code == 302
    product.refresh_from_db()
    assert (product.price_minor, product.months) == (7900, 6)
    kept = {(one.field, one.before, one.after, one.reason, one.changed_by) for one in product.changes.all()}
    assert kept == {
        ("price_minor", "6900", "7900", "Costs went up", clerk),
        ("months", "12", "6", "Costs went up", clerk),
    }
    page = desk.get(reverse("billing_desk:product", args=[product.pk])).content.decode()
    for words in ("£69", "£79", "Clara Clerk", "Costs went up"):
        assert words in page


def test_the_history_grows_and_is_never_overwritten(desk, product):
    for price in ("79", "89", "69"):
        change(desk, product, price=price)
        product.refresh_from_db()
    prices = ProductChange.objects.of_product(product).values_list("before", "after")
    assert list(prices) == [("8900", "6900"), ("7900", "8900"), ("6900", "7900")]


def test_a_new_price_never_touches_an_order_that_was_begun(desk, order, product, reconcile):
    change(desk, product, price="99", name="Dearer", months="1")
    after = reconcile(payer_pays(order))
    assert (after.status, after.paid_minor, after.gross_minor) == ("fulfilled", 6900, 6900)
    line = after.lines.get()
    assert (line.title, line.months, line.gross_minor) == ("Section two", 12, 6900)
    assert services.rental_summary(after.care_setting, timezone.localdate())[0].days_left > 360


def payer_pays(order: Order) -> Order:
    payer.pay_by_card(order.stripe_checkout_session_id)
    return order


def test_the_address_is_fixed_once_somebody_has_ordered(desk, product, order):
    assert 'name="slug"' not in desk.get(reverse("billing_desk:product", args=[product.pk])).content.decode()
    change(desk, product, slug="another", name="Renamed")
    product.refresh_from_db()
    assert (product.slug, product.name) == ("section-two", "Renamed")
    with pytest.raises(services.CannotChangeProductError, match="stays as it is"):
        services.change_product(
            product=product, values={"slug": "x"}, seen=1, reason="r", actor=order.buyer, now=timezone.now()
        )


def test_before_that_it_can_be_changed_but_not_to_anothers(desk, product):
    make.make_product("Taken")
    assert change(desk, product, slug="taken").status_code == 409
    assert change(desk, product, slug="section-2").status_code == 302
    assert Product.objects.filter(slug="section-2").exists()


def test_what_is_taken_off_sale_can_no_longer_be_rented(desk, as_, maya, product):
    assert change(desk, product, is_on_sale=None).status_code == 302
    assert as_(maya).get(reverse("billing:rent", args=[product.slug])).status_code == 404
    assert ">yes<" in desk.get(reverse("billing_desk:product", args=[product.pk])).content.decode()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": " ", "price": "79"}, 422),
        ({"price": "0.29"}, 422),
        ({"price": "-5"}, 422),
        ({"price": "nan"}, 422),
        ({"price": "1.234"}, 422),
        ({"price": "1e9"}, 422),
        ({"months": "0"}, 422),
        ({"name": ""}, 422),
        ({"blurb": "x" * 201}, 422),
        ({"seen": "x", "price": "79"}, 422),
        ({}, 409),
        ({"seen": "7", "price": "79"}, 409),
    ],
)
def test_a_senseless_change_comes_back_with_every_word(desk, product, changes, status):
    response = change(desk, product, **changes)
    assert response.status_code == status
    if "reason" not in changes:
        assert "Costs went up" in response.content.decode()
    assert not ProductChange.objects.exists()
    product.refresh_from_db()
    assert product.price_minor == 6900


def test_who_saw_an_older_product_does_not_undo_a_colleagues_change(desk, product):
    stale = wish(product, name="Mine")
    change(desk, product, price="79")
    answer = desk.post(reverse("billing_desk:product", args=[product.pk]), stale)
    assert answer.status_code == 409
    assert "Somebody else" in answer.content.decode()


def test_the_database_wants_a_reason(product, clerk):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductChange.objects.create(
            product=product, field="name", before="a", after="b", changed_by=clerk, changed_at=timezone.now()
        )


def test_an_editor_is_sent_away_and_a_missing_one_gets_404(as_, edith, desk, product):
    assert as_(edith).get(reverse("billing_desk:products")).status_code == 302
    assert desk.get(reverse("billing_desk:product", args=[10**12])).status_code == 404
