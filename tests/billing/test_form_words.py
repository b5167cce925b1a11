"""A form says in a sentence of its own what is wrong with an answer and how to mend it, never in Django's."""

import datetime as dt
import inspect
import re

import pytest
from django import forms as django_forms

from billing import forms
from billing.sandbox.forms import CodeForm, PromotionCodeForm
from tests import factories as make

pytestmark = pytest.mark.django_db

DJANGOS = re.compile(
    r"This field|Enter a valid|Enter a whole number\.|Enter a number\.|Ensure |Select a valid|is not a valid|"
    r"too long"
)
TODAY = dt.date(2026, 11, 22)
ANSWERS = ["", " ", "x" * 5000, "-1", "99999999999.999", "0.001", "2026-02-30", "×", "Łódź"]


def every_form() -> list[type[django_forms.BaseForm]]:
    classes = [one for _, one in inspect.getmembers(forms, inspect.isclass)]
    return [one for one in classes if issubclass(one, django_forms.BaseForm)] + [CodeForm, PromotionCodeForm]


def options_of(form_class: type) -> dict:
    """What a form must be given besides its answers."""
    known = {
        forms.RefundForm: {"left_minor": 6900},
        forms.BankRefundForm: {"left_minor": 6900, "today": TODAY},
        forms.ChoicesForm: {"lines": []},
    }
    if form_class is forms.GroupInvoiceForm:
        return {"payer": make.make_payer("Bright Nurseries")}
    if form_class is forms.ProductForm:
        return {"product": make.make_product("Section two"), "has_address": True}
    return known.get(form_class, {})


@pytest.mark.parametrize("form_class", every_form(), ids=lambda one: one.__name__)
def test_no_answer_is_refused_in_djangos_words(form_class):
    options = options_of(form_class)
    prefix = "bank-" if form_class is forms.BankRefundForm else ""
    names = form_class({}, **options).fields
    for answer in ANSWERS:
        form = form_class({f"{prefix}{name}": answer for name in names}, **options)
        for name, said in form.errors.items():
            for words in said:
                assert not DJANGOS.search(words), f"{form_class.__name__}.{name}, {answer[:20]!r}: {words}"
                assert words.endswith("."), words


def test_nothing_is_left_out_of_this():
    assert {one.__name__ for one in every_form()} >= {"RefundForm", "GrantForm", "ProductForm", "PayerForm"}
