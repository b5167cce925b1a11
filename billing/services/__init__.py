"""What can be done with orders and rentals."""

from billing.services.bank_refunds import record_bank_refund, sendable_minor, take_back_bank_refund
from billing.services.checkout import (
    BillingDetails,
    CheckoutIsOpenError,
    begin_checkout,
    begin_invoice,
    call_off,
    find_live_order,
    find_pay_address,
    make_offer,
    open_checkout,
)
from billing.services.claim_letters import CannotSendLetterError, send_letter
from billing.services.claims import (
    CannotClaimError,
    ClaimOverError,
    claim_as_new,
    claim_for,
    what_waits,
)
from billing.services.clock import Report, forget_sweep, is_sweep_due, reconcile_waiting, sweep
from billing.services.decisions import (
    CannotDecideError,
    grant_rental,
    open_reviewed_order,
    reconcile_by_hand,
)
from billing.services.documents import NothingToIssueError, find_document, issue_document
from billing.services.drafts import (
    AlreadyRentingError,
    CannotRentError,
    NoCheckoutError,
    PaymentUnderWayError,
)
from billing.services.fulfilment import choose_period
from billing.services.grants import take_back_grant
from billing.services.group_offers import GroupOffer, OfferedLine, make_group_offer
from billing.services.groups import (
    ListChangedError,
    begin_group_checkout,
    begin_group_invoice,
    find_list,
    forget_old_lists,
    save_choices,
    save_list,
)
from billing.services.invoice_decisions import mark_invoice_paid, open_meanwhile, void_invoice
from billing.services.invoices import open_invoice
from billing.services.news import note_processed
from billing.services.payer_reminders import (
    resume_payer_reminders,
    stop_payer_reminders,
    wants_payer_reminders,
)
from billing.services.payers import (
    CannotAddPersonError,
    PayerOverview,
    add_person,
    create_payer,
    edit_payer,
    overview_of,
    remove_person,
)
from billing.services.products import CannotChangeProductError, change_product, was_ordered
from billing.services.reconcile import OrderIsBusyError, find_order, reconcile_order
from billing.services.refunds import CannotRefundError, finish_refunds, refund_order, refundable_minor
from billing.services.reminders import resume_reminders, send_reminders, stop_reminders, wants_reminders
from billing.services.rentals import Grace, RentalState, RentalSummary, find_grace, rental_summary
from billing.services.reports import MonthlyReport, Table, monthly_report, months_with_a_report
from billing.services.snapshots import Buyer
from billing.services.sums import check_sums, is_check_due
from billing.services.timeline import Moment, timeline_of
from billing.stripe_gateway import DAYS_UNTIL_DUE

__all__ = [
    "DAYS_UNTIL_DUE",
    "AlreadyRentingError",
    "BillingDetails",
    "Buyer",
    "CannotAddPersonError",
    "CannotChangeProductError",
    "CannotClaimError",
    "CannotDecideError",
    "CannotRefundError",
    "CannotRentError",
    "CannotSendLetterError",
    "CheckoutIsOpenError",
    "ClaimOverError",
    "Grace",
    "GroupOffer",
    "ListChangedError",
    "Moment",
    "MonthlyReport",
    "NoCheckoutError",
    "NothingToIssueError",
    "OfferedLine",
    "OrderIsBusyError",
    "PayerOverview",
    "PaymentUnderWayError",
    "RentalState",
    "RentalSummary",
    "Report",
    "Table",
    "add_person",
    "begin_checkout",
    "begin_group_checkout",
    "begin_group_invoice",
    "begin_invoice",
    "call_off",
    "change_product",
    "check_sums",
    "choose_period",
    "claim_as_new",
    "claim_for",
    "create_payer",
    "edit_payer",
    "find_document",
    "find_grace",
    "find_list",
    "find_live_order",
    "find_order",
    "find_pay_address",
    "finish_refunds",
    "forget_old_lists",
    "forget_sweep",
    "grant_rental",
    "is_check_due",
    "is_sweep_due",
    "issue_document",
    "make_group_offer",
    "make_offer",
    "mark_invoice_paid",
    "monthly_report",
    "months_with_a_report",
    "note_processed",
    "open_checkout",
    "open_invoice",
    "open_meanwhile",
    "open_reviewed_order",
    "overview_of",
    "reconcile_by_hand",
    "reconcile_order",
    "reconcile_waiting",
    "record_bank_refund",
    "refund_order",
    "refundable_minor",
    "remove_person",
    "rental_summary",
    "resume_payer_reminders",
    "resume_reminders",
    "save_choices",
    "save_list",
    "send_letter",
    "send_reminders",
    "sendable_minor",
    "stop_payer_reminders",
    "stop_reminders",
    "sweep",
    "take_back_bank_refund",
    "take_back_grant",
    "timeline_of",
    "void_invoice",
    "wants_payer_reminders",
    "wants_reminders",
    "was_ordered",
    "what_waits",
]
