"""``manage.py reconcile_orders``: ask Stripe about every order that waits."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from billing import services
from billing.mode import is_sandbox
from billing.sandbox import payer
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError


class Command(BaseCommand):
    """Run every ten minutes by the worker's clock, or by cron. Safe to repeat and to run twice at once."""

    help = "Ask Stripe about open orders and payments on their way; once a day also about the last four days."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--sweep`` does the daily part now."""
        parser.add_argument("--sweep", action="store_true", help="Look at the last four days now.")

    def handle(self, *, sweep: bool, **options: object) -> None:
        """Reconcile what waits, and sweep where a day has gone by."""
        now = timezone.now()
        if is_sandbox():
            payer.end_due_debits(now=now)
        self.report("waiting orders", services.reconcile_waiting(now=now), options)
        if not (sweep or services.is_sweep_due()):
            return
        try:
            self.report("orders of the last four days", services.sweep(now=now), options)
        except (StripeIsAwayError, StripeRefusedError):
            self.stderr.write("Stripe is away; the sweep is left for the next run.")
            services.forget_sweep()

    def report(self, what: str, report: "services.Report", options: dict) -> None:
        """Say in one line what was done, unless asked to be quiet."""
        if options.get("verbosity", 1):
            self.stdout.write(
                f"{report.asked} {what} asked about, {report.changed} changed, {report.failed} to try again."
            )
