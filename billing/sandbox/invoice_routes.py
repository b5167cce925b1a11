"""Which address of Stripe's does what with customers and invoices."""

import datetime as dt

from billing.sandbox import invoice_rules, invoice_shapes, invoices, rules, store, transfers
from billing.sandbox.rules import RefusedError
from billing.sandbox.shapes import Shape
from billing.sandbox.store import CUSTOMER, INVOICE, PAYMENT

ACTS = {
    "finalize": invoices.finalize,
    "send": invoices.send,
    "void": invoices.void,
    "mark_uncollectible": invoices.mark_uncollectible,
}


def act(steps: list[str], form: str, *, now: dt.datetime) -> Shape | None:
    """Do what a POST to ``steps`` (the address in pieces) asks; None for an address that is not ours."""
    params = rules.read_form(form)
    match steps:
        case ["v1", "customers"]:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_CUSTOMER)
            return invoices.show_customer(invoices.create_customer(params, now=now), params.get("expand", []))
        case ["v1", "customers", customer_id, "funding_instructions"]:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_FUNDING)
            invoice_rules.refuse_senseless_funding(params)
            store.find(CUSTOMER, customer_id)
            return invoice_shapes.make_funding(params)
        case ["v1", "test_helpers", "customers", customer_id, "fund_cash_balance"]:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_TRANSFER)
            return transfers.fund(customer_id, params)
        case ["v1", "invoices"]:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_INVOICE)
            return _show(invoices.create_invoice(params, now=now), params)
        case ["v1", "invoiceitems"]:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_ITEM)
            return invoices.add_item(params, now=now)
        case ["v1", "invoices", invoice_id, name] if name in invoice_rules.KNOWN_FOR_ACTS:
            rules.refuse_unknown_names(form, invoice_rules.KNOWN_FOR_ACTS[name])
            return _show(_act_on(invoice_id, name, params), params)
    return None


def _act_on(invoice_id: str, name: str, params: Shape) -> Shape:
    if name != "pay":
        return ACTS[name](invoice_id)
    if params.get("paid_out_of_band") != "true":
        raise RefusedError("The sandbox has no card to charge.", param="paid_out_of_band")
    return invoices.pay_out_of_band(invoice_id)


def delete(steps: list[str]) -> Shape | None:
    """Do what a DELETE asks; None for an address that is not ours."""
    match steps:
        case ["v1", "invoices", invoice_id]:
            return invoices.delete_draft(invoice_id)
    return None


def read(steps: list[str], params: Shape) -> Shape | list[Shape] | None:
    """Return what a GET asks for, a list where it asks for many; None for an address that is not ours."""
    match steps:
        case ["v1", "customers", customer_id]:
            return invoices.show_customer(store.find(CUSTOMER, customer_id), params.get("expand", []))
        case ["v1", "invoices"]:
            wanted = {name: params[name] for name in ("customer", "status") if name in params}
            return [_show(one, params) for one in store.list_objects(INVOICE, **wanted)]
        case ["v1", "invoices", invoice_id]:
            return _show(store.find(INVOICE, invoice_id), params)
        case ["v1", "invoice_payments"]:
            return _find_payments(params)
    return None


def _find_payments(params: Shape) -> list[Shape]:
    wanted = {name: params[name] for name in ("invoice", "status") if name in params}
    if "payment" in params:
        wanted["payment__payment_intent"] = params["payment"].get("payment_intent", "")
    return store.list_objects(PAYMENT, **wanted)


def _show(invoice: Shape, params: Shape) -> Shape:
    names = params.get("expand", [])
    invoice_rules.refuse_unknown_expansions(names)
    return invoices.show_invoice(invoice, names)
