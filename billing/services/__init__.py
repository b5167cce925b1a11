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
from billing.services.decisions import (
    CannotDecideError,
    grant_rental,
    open_reviewed_order,
    reconcile_by_hand,
)
from billing.services.documents import NothingToIssueError, find_document, issue_document
from billing.services.fulfilment import choose_period
from billing.services.grants import take_back_grant
from billing.services.news import note_processed
from billing.services.products import CannotChangeProductError, change_product, was_ordered
from billing.services.reconcile import OrderIsBusyError, find_order, reconcile_order
from billing.services.refunds import CannotRefundError, finish_refunds, refund_order, refundable_minor
from billing.services.reminders import resume_reminders, send_reminders, stop_reminders, wants_reminders
from billing.services.rentals import Grace, RentalState, RentalSummary, find_grace, rental_summary
from billing.services.reports import MonthlyReport, Table, monthly_report, months_with_a_report
from billing.services.snapshots import Buyer
from billing.services.sums import check_sums, is_check_due
from billing.services.timeline import Moment, timeline_of

__all__ = [
    "AlreadyRentingError",
    "Buyer",
    "CannotChangeProductError",
    "CannotDecideError",
    "CannotRefundError",
    "CannotRentError",
    "Grace",
    "Moment",
    "MonthlyReport",
    "NoCheckoutError",
    "NothingToIssueError",
    "OrderIsBusyError",
    "PaymentUnderWayError",
    "RentalState",
    "RentalSummary",
    "Report",
    "Table",
    "begin_checkout",
    "call_off",
    "change_product",
    "check_sums",
    "choose_period",
    "find_document",
    "find_grace",
    "find_live_order",
    "find_order",
    "finish_refunds",
    "forget_sweep",
    "grant_rental",
    "is_check_due",
    "is_sweep_due",
    "issue_document",
    "make_offer",
    "monthly_report",
    "months_with_a_report",
    "note_processed",
    "open_checkout",
    "open_reviewed_order",
    "reconcile_by_hand",
    "reconcile_order",
    "reconcile_waiting",
    "refund_order",
    "refundable_minor",
    "rental_summary",
    "resume_reminders",
    "send_reminders",
    "stop_reminders",
    "sweep",
    "take_back_grant",
    "timeline_of",
    "wants_reminders",
    "was_ordered",
]
