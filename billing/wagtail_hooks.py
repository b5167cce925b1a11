"""The order desk in Wagtail's admin, and names for what the audit log says about orders."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from billing import desk_urls
from billing.models import Order
from billing.policies import may_run_order_desk

PAYER_ACTIONS = {
    "created": "written down",
    "edited": "details changed",
    "person_added": "colleague added",
    "person_removed": "colleague taken off",
    "letter_sent": "link to a setting's manager sent",
}


class OrdersMenuItem(MenuItem):
    """The way to the order desk, for those who may run it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the asker may run the order desk."""
        return may_run_order_desk(request.user)


@hooks.register("register_admin_menu_item")
def orders_in_the_menu() -> MenuItem:
    """Orders have a place of their own."""
    return OrdersMenuItem(
        "Orders", reverse_lazy("billing_desk:orders"), name="orders", icon_name="list-ul", order=230
    )


@hooks.register("register_admin_urls")
def order_desk_addresses() -> list[URLPattern | URLResolver]:
    """Addresses below /admin/."""
    return [path("orders/", include(desk_urls))]


@hooks.register("register_permissions")
def let_groups_run_the_order_desk() -> QuerySet[Permission]:
    """Have the permission offered among those of a group."""
    return Permission.objects.filter(content_type__app_label="billing", codename="run_order_desk")


@hooks.register("register_log_actions")
def name_order_actions(actions: LogActionRegistry) -> None:
    """One action for each state that an order can move to."""
    for status, words in Order.Status.choices:
        actions.register_action(
            f"billing.order.{status}", f"Order: {words.lower()}", f"Order: {words.lower()}"
        )
    actions.register_action("billing.order.mail", "Order: mail queued", "Order: mail queued")
    actions.register_action("billing.term.taken_back", "Take back a grant", "Took back a granted rental")
    for act, words in PAYER_ACTIONS.items():
        actions.register_action(f"billing.payer.{act}", f"Payer: {words}", f"Payer: {words}")
    actions.register_action("billing.term.granted", "Grant a rental", "Granted a rental without payment")
