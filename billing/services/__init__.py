"""What can be done with orders and rentals."""

from billing.services.checkout import (
    AlreadyRentingError,
    CannotRentError,
    NoCheckoutError,
    PaymentUnderWayError,
    begin_checkout,
    call_off,
    find_live_order,
    make_offer,
    open_checkout,
)
from billing.services.clock import Report, forget_sweep, is_sweep_due, reconcile_waiting, sweep
from billing.services.fulfilment import choose_period
from billing.services.reconcile import OrderIsBusyError, find_order, reconcile_order
from billing.services.rentals import RentalState, RentalSummary, rental_summary

__all__ = [
    "AlreadyRentingError",
    "CannotRentError",
    "NoCheckoutError",
    "OrderIsBusyError",
    "PaymentUnderWayError",
    "RentalState",
    "RentalSummary",
    "Report",
    "begin_checkout",
    "call_off",
    "choose_period",
    "find_live_order",
    "find_order",
    "forget_sweep",
    "is_sweep_due",
    "make_offer",
    "open_checkout",
    "reconcile_order",
    "reconcile_waiting",
    "rental_summary",
    "sweep",
]
