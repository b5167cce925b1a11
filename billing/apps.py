from django.apps import AppConfig
from django.core.checks import register
from django.core.exceptions import ImproperlyConfigured

from billing.checks import stripe_can_reach_us
from billing.mode import find_problems, read_settings


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Renting"

    def ready(self) -> None:
        """Refuse to start where pretend and real money could be mixed up."""
        problems = find_problems(read_settings())
        if problems:
            raise ImproperlyConfigured(" ".join(problems))
        register(stripe_can_reach_us, "security", deploy=True)
