"""Who did what, when, to which row: ids only, never a name, an address or a word of anybody.

Written to the log and not to Wagtail's history, where provider staff would see a setting's memberships.
"""

import logging

from django.db import models

log = logging.getLogger("audit")


def record(act: str, *, actor: models.Model | None, **about: models.Model | str | int | bool | None) -> None:
    """Write one line of the audit: ``act`` is "<noun>.<verb>", rows are written as their ids."""
    ids = {
        f"{name}_id" if isinstance(value, models.Model) else name: _plain(value)
        for name, value in about.items()
    }
    log.info("audit", extra={"act": act, "actor_id": _plain(actor), **ids})


def _plain(value: models.Model | str | int | bool | None) -> str | int | bool | None:
    return value.pk if isinstance(value, models.Model) else value
