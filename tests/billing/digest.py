"""All that the site holds of renting, as one value: two histories with the same digest differ in nothing."""

import json
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from billing.models import Order

# Counts how often Stripe was asked, so it tells histories apart that are the same to everybody. Nothing
# depends on its value: it is compared with itself before and after a question.
COUNTERS = {"version"}
REAL_NOW = Order._meta.get_field("created_at").default


def digest() -> str:
    """Every row of billing, what was logged about orders, and which mails wait.

    Left out are numbers that the database or chance gives: two histories make the same rows in another order.
    """
    rows = [
        _describe(row) for model in apps.get_app_config("billing").get_models() for row in model.objects.all()
    ]
    orders = ContentType.objects.get_for_model(Order)
    log = ModelLogEntry.objects.filter(content_type=orders).values_list("action", "object_id", "data")
    mails = [job.args_kwargs["kwargs"] for job in DBTaskResult.objects.filter(queue_name="mail")]
    told = [("mail", mail["template"], mail["to"]) for mail in mails]
    return "\n".join(sorted(json.dumps(one, default=str, sort_keys=True) for one in [*rows, *log, *told]))


def _describe(row: models.Model) -> dict[str, Any]:
    """The columns of a row that mean something."""
    return {
        "row": row._meta.label,
        **{
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not _is_arbitrary(field) and field.name not in COUNTERS
        },
    }


def _is_arbitrary(field: models.Field) -> bool:
    """Whether the database, chance or the real clock made the value: keys, what points at them, defaults."""
    if field.default is REAL_NOW:
        return True
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    is_number = isinstance(target, models.AutoField | models.UUIDField)
    return is_number and field.related_model not in (Order,)
