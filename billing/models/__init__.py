"""What is sold, who has paid for what, until when."""

from billing.models.orders import Order, OrderLine, StripeEvent
from billing.models.products import Product
from billing.models.rentals import Rental, Term

__all__ = ["Order", "OrderLine", "Product", "Rental", "StripeEvent", "Term"]
