"""Saving, finishing, sharing and removing one's own words. No acknowledged word is ever lost."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from courses.models import ReflectivePrompt
from elearning.kept_sql import fields_of, kept, read_models
from practice.models import Reflection, ReflectionCopy, SessionTally
from teams.models import CareSetting, Team

logger = logging.getLogger(__name__)


class TextsDifferError(Exception):
    """Another tab saved another text first. The refused words are kept as a second copy."""

    def __init__(self, reflection: Reflection) -> None:
        super().__init__("You changed this in another tab or on another device. Both texts are kept.")
        self.reflection = reflection


def save_reflection(
    *,
    author: User,
    care_setting: CareSetting,
    prompt: ReflectivePrompt,
    text: str,
    version: int,
    now: dt.datetime,
) -> Reflection:
    """Keep ``text`` as the author's answer to ``prompt`` and return it with its new version.

    ``version`` is what the writer started from (0: nothing yet). Raises TextsDifferError, having kept both,
    when another tab was faster; not when the new text holds all of the old one, for then nothing is lost.
    """
    with transaction.atomic():
        kept = _own_row(author, care_setting, prompt) or _first_row(author, care_setting, prompt, text, now)
        if kept.text == text:
            return kept
        if kept.version == version or kept.text in text:
            _replace_text(kept, text, now)
            return kept
        _keep_copy(kept, text, ReflectionCopy.Reason.CLASH, now)
    raise TextsDifferError(kept)


def keep_last_words(
    *, author: User, care_setting: CareSetting, prompt: ReflectivePrompt, text: str, now: dt.datetime
) -> Reflection | None:
    """Keep what was typed when access ended beside the answer that was begun before.

    Typing on grows one copy; other words, from another tab, become a copy of their own. Returns None,
    having kept nothing, when no answer was begun: a leaver starts nothing new.
    """
    with transaction.atomic():
        kept = _own_row(author, care_setting, prompt)
        if kept and kept.text != text:
            for earlier in kept.copies.after_access_ended():
                if earlier.text in text:
                    earlier.delete()
            _keep_copy(kept, text, ReflectionCopy.Reason.ACCESS_ENDED, now)
    return kept


@transaction.atomic
def finish_reflection(*, reflection: Reflection) -> None:
    """Note that the author is done; it counts as one more person who reflected."""
    reflection.status = Reflection.Status.SENT
    reflection.save(update_fields=["status"])
    if reflection.session_page_id:
        SessionTally.objects.recount(
            care_setting_id=reflection.care_setting_id, session_page_id=reflection.session_page_id
        )


@transaction.atomic
def share_reflection(
    *, reflection: Reflection, shared_with: str, team: Team | None, now: dt.datetime
) -> None:
    """Let a team, or facilitators, read the reflection from now on; or nobody any more."""
    reflection.shared_with = shared_with
    reflection.team = team
    reflection.shared_at = now if reflection.is_shared else None
    reflection.save(update_fields=["shared_with", "team", "shared_at"])
    logger.info("reflection %s is shared with %s", reflection.pk, shared_with)


@transaction.atomic
def remove_reflection(*, reflection: Reflection) -> None:
    """Erase the author's answer and its copies, for good."""
    logger.info("reflection %s is removed by its author", reflection.pk)
    reflection.delete()


@transaction.atomic
def remove_copy(*, copy: ReflectionCopy) -> None:
    """Erase a second copy, for good."""
    copy.delete()


def _own_row(author: User, care_setting: CareSetting, prompt: ReflectivePrompt) -> Reflection | None:
    """The author's answer, locked, so that of two tabs the second compares with what the first has saved."""
    rows = _own_rows(author_id=author.pk, care_setting_id=care_setting.pk, prompt_id=prompt.pk)
    return next(read_models(rows[0], Reflection)) if rows else None


@kept()
def _own_rows(*, author_id: int, care_setting_id: int, prompt_id: int) -> QuerySet:
    own = Reflection.objects.written_by(User(pk=author_id)).in_care_setting(CareSetting(pk=care_setting_id))
    own = own.on_prompt(ReflectivePrompt(pk=prompt_id)).select_for_update()
    return own.values_list(*fields_of(Reflection))


def _first_row(
    author: User, care_setting: CareSetting, prompt: ReflectivePrompt, text: str, now: dt.datetime
) -> Reflection:
    row = Reflection(
        author=author,
        care_setting=care_setting,
        prompt=prompt,
        prompt_text=prompt.text,
        session_page=prompt.session_page,
        session_title=prompt.session_page.title,
        text=text,
        created_at=now,
        saved_at=now,
    )
    # If another tab made the row at this moment, that one stays, and is compared like any other.
    Reflection.objects.bulk_create([row], ignore_conflicts=True)
    return Reflection.objects.written_by(author).in_care_setting(care_setting).on_prompt(prompt).get()


def _replace_text(reflection: Reflection, text: str, now: dt.datetime) -> None:
    reflection.text = text
    reflection.version += 1
    reflection.saved_at = now
    reflection.save(update_fields=["text", "version", "saved_at"])


def _keep_copy(reflection: Reflection, text: str, reason: str, now: dt.datetime) -> None:
    if not reflection.copies.filter(text=text).exists():
        ReflectionCopy.objects.create(reflection=reflection, text=text, reason=reason, kept_at=now)
