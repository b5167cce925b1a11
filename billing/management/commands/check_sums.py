"""``manage.py check_sums``: are our sums Stripe's?"""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing import services
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError


class Command(BaseCommand):
    """Run by hand at any time; the worker's clock runs it once a night with ``--nightly``."""

    help = "Compare what was paid, given back and disputed in the last 35 days with what Stripe says."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--nightly`` does it only once a day, from three in London, and mails differences to staff."""
        parser.add_argument("--nightly", action="store_true", help="Once a day only, and mail differences.")

    def handle(self, *, nightly: bool, **options: object) -> None:
        """Check and say what differs; exit with an error when something does and nobody gets a mail."""
        now = timezone.now()
        if nightly and not services.is_check_due(now=now):
            return
        try:
            check = services.check_sums(now=now, is_nightly=nightly)
        except (StripeIsAwayError, StripeRefusedError) as error:
            if nightly:
                self.stderr.write("Stripe is away; the sums are checked at the next run.")
                return
            raise CommandError(f"Stripe does not answer: {error}") from None
        for row in check.differences:
            self.stdout.write(
                f"Order {row['number'] or 'unknown'}, payment {row['payment'] or 'none'}, {row['what']}: "
                f"{row['ours']} here, {row['stripes']} at Stripe ({row['currency']}, minor units)"
            )
        if check.differences and not nightly:
            raise CommandError("The sums are not Stripe's.")
        if options.get("verbosity", 1):
            self.stdout.write(f"{check.compared} orders compared, {len(check.differences)} differences.")
