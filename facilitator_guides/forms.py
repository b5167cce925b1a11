"""The guide as an author edits it."""

from wagtail.admin.forms import WagtailAdminPageForm

from courses.models import SessionPage
from facilitator_guides.publishing import time_refusal


class GuidePageForm(WagtailAdminPageForm):
    """Refuses to publish a guide whose steps do not fill the session; saves any draft."""

    def is_valid(self) -> bool:
        """Check the sum of the steps' minutes once every step is known to be sound by itself."""
        if not super().is_valid():
            return False
        if self.is_deferred_validation:  # a draft
            return True
        refusal = time_refusal(self._step_minutes(), session_minutes=self._session_minutes())
        if refusal:
            self.add_error(None, refusal)
        return not refusal

    def _step_minutes(self) -> list[int]:
        steps = self.formsets["steps"]
        kept = (form for form in steps.forms if form not in steps.deleted_forms)
        return [form.cleaned_data["minutes"] for form in kept if form.cleaned_data.get("minutes")]

    def _session_minutes(self) -> int:
        parent = self.parent_page or self.instance.get_parent()
        return SessionPage.objects.values_list("minutes", flat=True).get(pk=parent.pk)
