"""JSON in the shape in which Stripe answers about invoices: lines, payments and customers with them."""

import datetime as dt
from typing import Any

from billing.sandbox.shapes import Shape, make_id

SORT_CODE, ACCOUNT_NUMBER, ACCOUNT_HOLDER = "000000", "00000000", "SANDBOX, NO MONEY MOVES"


def make_address(params: Shape) -> Shape:
    """An address, with null for what is not known."""
    return {
        name: params.get(name) or None
        for name in ("city", "country", "line1", "line2", "postal_code", "state")
    }


def make_customer(params: Shape, *, now: dt.datetime) -> Shape:
    """Whom invoices go to. The cash balance is shown only when it is asked for."""
    customer_id = make_id("cus")
    return {
        "id": customer_id,
        "object": "customer",
        "address": make_address(params["address"]) if params.get("address") else None,
        "balance": 0,
        "created": int(now.timestamp()),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "discount": None,
        "email": params.get("email"),
        "invoice_prefix": customer_id[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "next_invoice_sequence": 1,
        "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        "cash_balance": {
            "object": "cash_balance",
            "available": None,
            "customer": customer_id,
            "customer_account": None,
            "livemode": False,
            "settings": {"reconciliation_mode": "automatic", "using_merchant_default": False},
        },
    }


# Kept with an object, but shown by Stripe only when asked for.
HIDDEN_IN_CUSTOMER = ("cash_balance",)


def make_invoice(params: Shape, customer: Shape, *, now: dt.datetime) -> Shape:
    """A draft without lines."""
    invoice_id = make_id("in")
    created = int(now.timestamp())
    days = int(params.get("days_until_due", 0))
    return {
        "id": invoice_id,
        "object": "invoice",
        "account_country": "GB",
        "account_name": "Sandbox",
        "account_tax_ids": None,
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": params.get("auto_advance") == "true",
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": "manual",
        "collection_method": params.get("collection_method", "charge_automatically"),
        "created": created,
        "currency": params.get("currency") or customer["currency"] or "gbp",
        "custom_fields": params.get("custom_fields") or None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": params.get("description"),
        "discounts": [],
        "due_date": int(params["due_date"]) if "due_date" in params else created + days * 24 * 3600,
        "effective_at": None,
        "ending_balance": None,
        "footer": params.get("footer"),
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/invoices/{invoice_id}/lines",
        },
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": _make_payment_settings(params.get("payment_settings", {})),
        "period_end": created,
        "period_start": created,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": None,
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }


def _make_payment_settings(params: Shape) -> Shape:
    names = ("acss_debit", "bancontact", "card", "customer_balance", "konbini", "payto", "pix")
    names += ("sepa_debit", "upi", "us_bank_account")
    chosen = params.get("payment_method_options", {})
    return {
        "default_mandate": None,
        "payment_method_options": {name: chosen.get(name) for name in names},
        "payment_method_types": params.get("payment_method_types"),
    }


def make_item(params: Shape, *, now: dt.datetime) -> Shape:
    """One thing on a draft."""
    moment = int(now.timestamp())
    return {
        "id": make_id("ii"),
        "object": "invoiceitem",
        "amount": int(params["amount"]),
        "currency": params["currency"],
        "customer": params["customer"],
        "customer_account": None,
        "date": moment,
        "description": params.get("description"),
        "discountable": True,
        "discounts": [],
        "invoice": params["invoice"],
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "net_amount": int(params["amount"]),
        "parent": None,
        "period": {"end": moment, "start": moment},
        "pricing": _make_pricing(params),
        "proration": False,
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
        "test_clock": None,
    }


def _make_pricing(params: Shape) -> Shape:
    return {
        "price_details": {"price": make_id("price"), "product": make_id("prod")},
        "type": "price_details",
        "unit_amount_decimal": params["amount"],
    }


def make_line(item: Shape) -> Shape:
    """An item as its invoice shows it."""
    return {
        "id": make_id("il"),
        "object": "line_item",
        "amount": item["amount"],
        "currency": item["currency"],
        "description": item["description"],
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": item["invoice"],
        "livemode": False,
        "metadata": item["metadata"],
        "parent": {
            "invoice_item_details": {
                "invoice_item": item["id"],
                "proration": False,
                "proration_details": None,
                "subscription": None,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        "period": item["period"],
        "pretax_credit_amounts": [],
        "pricing": item["pricing"],
        "quantity": 1,
        "quantity_decimal": "1",
        "subscription": None,
        "subtotal": item["amount"],
        "taxes": [],
    }


def make_intent(invoice: Shape, *, now: dt.datetime) -> Shape:
    """The payment that an open invoice waits for, by bank transfer."""
    return {
        "id": make_id("pi"),
        "object": "payment_intent",
        "amount": invoice["amount_due"],
        "amount_capturable": 0,
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": int(now.timestamp()),
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "description": "Payment for Invoice",
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {"customer_balance": {}},
        "payment_method_types": ["customer_balance"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def make_instructions(invoice: Shape, *, remaining: int) -> Shape:
    """What a payment that is funded in part still asks for, and where to send it."""
    return {
        "type": "display_bank_transfer_instructions",
        "display_bank_transfer_instructions": {
            "amount_remaining": remaining,
            "currency": invoice["currency"],
            "financial_addresses": [_make_account()],
            "hosted_instructions_url": invoice["hosted_invoice_url"],
            "reference": invoice["number"],
            "type": "gb_bank_transfer",
        },
    }


def make_funding(params: Shape) -> Shape:
    """Where a customer sends bank transfers."""
    return {
        "object": "funding_instructions",
        "bank_transfer": {
            "country": "GB",
            "financial_addresses": [_make_account()],
            "type": "gb_bank_transfer",
        },
        "currency": params["currency"],
        "funding_type": "bank_transfer",
        "livemode": False,
    }


def make_movement(params: Shape, *, customer: str, ending_balance: int, now: dt.datetime) -> Shape:
    """Money that came to a customer's balance by bank transfer."""
    return {
        "id": make_id("ccsbtxn"),
        "object": "customer_cash_balance_transaction",
        "created": int(now.timestamp()),
        "currency": params["currency"],
        "customer": customer,
        "customer_account": None,
        "ending_balance": ending_balance,
        "funded": {
            "bank_transfer": {
                "gb_bank_transfer": {
                    "account_number_last4": ACCOUNT_NUMBER[-4:],
                    "sender_name": None,
                    "sort_code": SORT_CODE,
                },
                "reference": params.get("reference"),
                "type": "gb_bank_transfer",
            }
        },
        "livemode": False,
        "net_amount": int(params["amount"]),
        "type": "funded",
    }


def _make_account() -> dict[str, Any]:
    nowhere = make_address({"country": "GB"})
    return {
        "type": "sort_code",
        "supported_networks": ["bacs", "fps"],
        "sort_code": {
            "account_holder_address": nowhere,
            "account_holder_name": ACCOUNT_HOLDER,
            "account_number": ACCOUNT_NUMBER,
            "bank_address": nowhere,
            "sort_code": SORT_CODE,
        },
    }


def make_payment(invoice: Shape, intent: Shape, *, now: dt.datetime) -> Shape:
    """How an invoice and its payment belong together."""
    return {
        "id": make_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": int(now.timestamp()),
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
