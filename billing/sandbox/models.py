"""What the sandbox remembers in Stripe's stead. No money, no cards, no people."""

from django.db import models


class SandboxObject(models.Model):
    """One object as Stripe would show it: a Checkout Session, a PaymentIntent or a charge."""

    id = models.CharField(primary_key=True, max_length=100)
    kind = models.CharField(max_length=40)
    body = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "-created_at"], name="billing_sandbox_by_kind")]

    def __str__(self) -> str:
        return self.id


class SandboxRequest(models.Model):
    """An answer given under an idempotency key, to be given again."""

    key = models.CharField(primary_key=True, max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class SandboxEvent(models.Model):
    """Something that happened, and whether the site took the news."""

    id = models.CharField(primary_key=True, max_length=100)
    type = models.CharField(max_length=100)
    body = models.JSONField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="billing_sandbox_events")]

    def __str__(self) -> str:
        return self.id
