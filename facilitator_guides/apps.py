from django.apps import AppConfig


class FacilitatorGuidesConfig(AppConfig):
    name = "facilitator_guides"
    verbose_name = "Facilitator guides"
