"""What a session must have before it goes live (R13), and where its author reads what is missing.

A draft always saves. A session's parts are pages below it, so they can only be added to a saved draft; parts
in any state count, for an author publishes the parts and the session in whatever order suits.
"""

from collections import Counter
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

if TYPE_CHECKING:
    from courses.models import SessionPage

PROMPTS_NEEDED = 4
PARTS_NEEDED = (
    ("clip", "a clip: add a clip page below this session"),
    ("guide", "a facilitator guide: add one below this session"),
    ("task_sheet", "a task sheet: add at least one below this session"),
)


class UnfinishedSessionError(PermissionDenied):
    """A session cannot go live yet; the text lists what is missing."""


def count_parts(session_page: "SessionPage") -> Counter:
    """Count the parts below a session by kind, drafts too (one query)."""
    if not session_page.pk:
        return Counter()
    return Counter(getattr(child.specific_class, "part", "") for child in session_page.get_children())


def missing_from(*, aim: str, prompts: int, starter_actions: int, parts: Counter) -> list[str]:
    """List in words what a session still needs before it can be published; empty when nothing."""
    missing = [] if aim.strip() else ["an aim"]
    missing += [words for part, words in PARTS_NEEDED if not parts[part]]
    if prompts < PROMPTS_NEEDED:
        missing.append(f"{PROMPTS_NEEDED} prompts: there {'is' if prompts == 1 else 'are'} {prompts}")
    if not starter_actions:
        missing.append("an idea to start from: at least one")
    return missing


def missing_from_page(session_page: "SessionPage") -> list[str]:
    """List what a session, as it stands in memory with its prompts and ideas, still needs."""
    return missing_from(
        aim=session_page.aim,
        prompts=session_page.prompts.count(),
        starter_actions=session_page.starter_actions.count(),
        parts=count_parts(session_page),
    )


def refuse_unfinished(session_page: "SessionPage") -> None:
    """Raise UnfinishedSessionError, naming what is missing, unless the session may go live."""
    missing = missing_from_page(session_page)
    if missing:
        raise UnfinishedSessionError(
            f"“{session_page.title}” cannot be published yet. Missing: {'; '.join(missing)}."
        )


class SessionPageForm(WagtailAdminPageForm):
    """Refuses to publish or send on a session from which something is missing; saves any draft."""

    def is_valid(self) -> bool:
        """Look for what is missing once every field and row is known to be sound by itself."""
        if not super().is_valid():
            return False
        if self.is_deferred_validation:  # a draft
            return True
        missing = missing_from(
            aim=self.cleaned_data.get("aim") or "",
            prompts=self._count_rows("prompts"),
            starter_actions=self._count_rows("starter_actions"),
            parts=count_parts(self.instance),
        )
        for words in missing:
            self.add_error(None, f"Missing: {words}")
        return not missing

    def _count_rows(self, name: str) -> int:
        rows = self.formsets[name]
        return sum(1 for form in rows.forms if form not in rows.deleted_forms and form.cleaned_data)


class MissingPanel(Panel):
    """Tells the author what the session still needs, at the top of the editor."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"heading": "What is missing", "icon": "clipboard-list", **kwargs})

    class BoundPanel(Panel.BoundPanel):
        """The panel for one session."""

        template_name = "courses/admin/missing_panel.html"

        def get_context_data(self, parent_context: dict | None = None) -> dict:
            """Add the list, worked out from the latest draft."""
            return {**super().get_context_data(parent_context), "missing": missing_from_page(self.instance)}
