from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "billing.sandbox"
    label = "billing_sandbox"
    verbose_name = "Payment sandbox"
