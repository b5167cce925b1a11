"""Names for what the audit log says about orders."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from billing.models import Order


@hooks.register("register_log_actions")
def name_order_actions(actions: LogActionRegistry) -> None:
    """One action for each state that an order can move to."""
    for status, words in Order.Status.choices:
        actions.register_action(
            f"billing.order.{status}", f"Order: {words.lower()}", f"Order: {words.lower()}"
        )
