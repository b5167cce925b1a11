"""Load the demo's nursery group: it pays for five settings against one invoice; two have begun."""

import datetime as dt

from accounts.models import User
from billing import services
from billing.mode import is_sandbox
from billing.models import Order, Payer, PayerSetting, Product
from billing.sandbox.transfers import transfer_all
from billing.terms import TERMS_VERSION
from elearning.periods import london_day

GWEN = "gwen@demo.example"
PRODUCT = "a-section-two"
ADDRESS = "The Boathouse, Quay Lane, Ambleford AM2 4RB"
SETTINGS = """\
Riverside Elm, Nursery, elsa@demo.example
Riverside Hazel, Nursery, hedy@demo.example
Riverside Ash, Nursery, ash@riverside.example
Riverside Oak, Nursery, oak@riverside.example
Riverside Willow, Nursery, willow@riverside.example
"""
BEGUN = {"Riverside Elm": "elsa@demo.example", "Riverside Hazel": "hedy@demo.example"}


def load_payer(*, now: dt.datetime) -> None:
    """The group, its paid order, and the settings whose managers have come; only where money is pretend.

    Nothing happens where Gwen orders for somebody already.
    """
    gwen = User.objects.get_by_natural_key(GWEN)
    if not is_sandbox() or Payer.objects.visible_to(gwen).exists():
        return
    payer = services.create_payer(
        name="Riverside Nurseries",
        address=ADDRESS,
        contact_name="Finance office",
        contact_email="finance@riverside.example",
        actor=gwen,
        now=now,
    )
    order = order_by_invoice(payer, gwen, now=now)
    transfer_all(order.stripe_invoice_id)
    services.reconcile_order(order=order, now=now)
    for name, email in BEGUN.items():
        begin(PayerSetting.objects.of_payer(payer).get(name=name), email, now=now)


def order_by_invoice(payer: Payer, gwen: User, *, now: dt.datetime) -> Order:
    """Gwen's order for every setting of the group, its invoice out and unpaid."""
    product = Product.objects.get(slug=PRODUCT)
    reading = services.save_list(payer=payer, product=product, text=SETTINGS, actor=gwen, now=now)
    settings_list = services.find_list(payer=payer, product=product)
    offer = services.make_group_offer(
        settings_list=settings_list, rows=reading.rows, buyer=gwen, day=london_day(now)
    )
    details = services.BillingDetails("PO-2041", payer.contact_name, payer.contact_email, payer.address)
    return services.begin_group_invoice(
        settings_list=settings_list,
        buyer=gwen,
        details=details,
        terms_version=TERMS_VERSION,
        total_minor=offer.total_minor,
        now=now,
    )


def begin(payer_setting: PayerSetting, email: str, *, now: dt.datetime) -> None:
    """A manager takes over the setting that was paid for, as with the link in the letter."""
    manager = User.objects.get_by_natural_key(email)
    services.claim_as_new(
        payer_setting=payer_setting,
        user=manager,
        now=now,
        name=payer_setting.name,
        kind=payer_setting.kind,
        address=ADDRESS,
        safeguarding_lead_name=manager.display_name,
        safeguarding_lead_contact=f"01632 960455, {email}",
    )
