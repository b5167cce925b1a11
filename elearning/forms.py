"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class DesignRenderer(TemplatesSetting):
    """Forms are drawn by the project's own templates.

    Widgets stay Django's own, because Wagtail's admin draws them too.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
