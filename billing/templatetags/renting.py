"""What the pages of a setting say about its rentals."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from billing.banners import draw_grace_banner
from billing.models import Product
from billing.unwritten import count_unwritten

register = template.Library()


@register.simple_tag(takes_context=True)
def grace_banner(context: Context) -> SafeString:
    """The banner of ``billing.banners`` for the page's ``membership``, or the page's own ``banner``."""
    if "banner" in context:
        return context["banner"]
    return draw_grace_banner(context.get("membership"), context.get("rentals"))


@register.inclusion_tag("billing/_unwritten.html")
def unwritten(product: Product) -> dict[str, int]:
    """Say how many sessions of what is rented are still being written, in the words of the course page."""
    return {"count": count_unwritten(product)}
