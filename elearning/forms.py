"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class DesignRenderer(TemplatesSetting):
    """Forms are drawn by the project's own templates; widgets stay Django's, because Wagtail's admin uses them too."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
