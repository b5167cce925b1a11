"""``manage.py create_webhook_endpoint``: have Stripe ring at this site."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing import stripe_gateway
from billing.mode import is_sandbox
from billing.stripe_gateway import StripeIsAwayError, StripeRefusedError


class Command(BaseCommand):
    """Run once for each mode (test, live), and again with ``--another`` to roll the signing secret."""

    help = "Create the webhook endpoint at Stripe, in the library's API version, and print its secret once."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--another`` and ``--dry-run``."""
        parser.add_argument("--another", action="store_true", help="Make one although there is one already.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be made.")

    def handle(self, *, another: bool, dry_run: bool, **options: object) -> None:
        """Make the endpoint, unless there is one or no key."""
        if is_sandbox():
            raise CommandError("STRIPE_SECRET_KEY is empty: the sandbox rings by itself.")
        address = stripe_gateway.webhook_address()
        if not address.startswith("https://"):
            raise CommandError(f"Stripe rings at https addresses only; BASE_URL gives {address}")
        try:
            self.make(address, another=another, dry_run=dry_run)
        except (StripeIsAwayError, StripeRefusedError) as error:
            raise CommandError(f"Stripe made no endpoint: {error}") from None

    def make(self, address: str, *, another: bool, dry_run: bool) -> None:
        """Make it and say what to do with the secret, which Stripe tells only now."""
        existing = stripe_gateway.list_webhook_endpoints()
        if existing and not another:
            ids = ", ".join(one.endpoint_id for one in existing)
            raise CommandError(f"There is one already ({ids}). Add --another to make a second one.")
        if dry_run:
            self.stdout.write(
                f"Would have Stripe ring at {address} for {len(stripe_gateway.DOORBELLS)} events."
            )
            return
        made = stripe_gateway.create_webhook_endpoint()
        self.stdout.write(f"Stripe now rings at {made.url} ({made.endpoint_id}).")
        self.stdout.write(f"Put this into STRIPE_WEBHOOK_SECRETS and start the site anew: {made.secret}")
