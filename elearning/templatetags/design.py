"""The words, numbers, icons and components that every template uses. See docs/design-system.md."""

import json
import re
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.forms import BaseForm
from django.template import Context
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

register = template.Library()

ICONS_PATH = Path(__file__).resolve().parents[1] / "static" / "dist" / "icons.json"
# Of British postcodes, as the letters and digits stand in them; who gave it may have written it small.
POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b", re.IGNORECASE)
CURRENCY_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


@cache
def read_icons(path: Path = ICONS_PATH) -> dict[str, SafeString]:
    """The inside of every icon's SVG by name, read once per process from what the front-end build wrote."""
    try:
        shapes = json.loads(path.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured("The front end is not built yet: run `make setup`.") from None
    return {name: mark_safe(shape) for name, shape in shapes.items()}  # noqa: S308 – our own build's output


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of frontend/icons.txt drawn into the page. Hidden from screen readers unless it has a `label`.

    On paper every picture needs a name, so templates of PDFs pass a label.
    """
    if name not in read_icons():
        raise template.TemplateSyntaxError(f'No icon "{name}": add it to frontend/icons.txt.')
    opening = (
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
    )
    if label:
        return format_html(opening + 'role="img"><title>{}</title>{}</svg>', label, read_icons()[name])
    return format_html(opening + 'aria-hidden="true" focusable="false">{}</svg>', read_icons()[name])


@register.filter
def sentences(text: str, words: int) -> str:
    """As many whole sentences as fit into so many words; the first is cut where even it does not fit."""
    taken: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        if len(" ".join([*taken, sentence]).split()) > words:
            break
        taken.append(sentence)
    return " ".join(taken) or Truncator(text).words(words)


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, **values: object) -> SafeString:
    """A component around a piece of template: {% component "callout" title="…" %}…{% endcomponent %}.

    The piece arrives in templates/components/<name>.html as `body`; nothing else of the page does.
    """
    chosen = context.template.engine.get_template(f"components/{name}.html")
    return chosen.render(context.new({"body": content, **values}))


@register.filter
def money(amount_minor: int | None, currency: str = "GBP") -> str:
    """6900 pence as "£69", 6950 as "£69.50". Empty for None."""
    in_full = money_in_full(amount_minor, currency)
    return in_full.replace(".00", "", 1)


@register.filter
def money_in_full(amount_minor: int | None, currency: str = "GBP") -> str:
    """6900 pence as "£69.00", for columns of amounts. Empty for None."""
    if amount_minor is None:
        return ""
    currency = (currency or "GBP").upper()
    whole, rest = divmod(abs(int(amount_minor)), 100)
    number = f"{whole:,}.{rest:02d}"
    sign = CURRENCY_SIGNS.get(currency)
    minus = "−" if int(amount_minor) < 0 else ""
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency}"


@register.filter
def day(value: date | datetime | None) -> str:
    """ "21 November 2026", in London's day for a point in time. Empty for None."""
    if not value:
        return ""
    return f"{_local(value):%-d %B %Y}"


@register.filter
def clock(value: datetime | time | None) -> str:
    """ "14:02", in London's time for a point in time. Empty for None."""
    if value is None or value == "":
        return ""
    return _local(value).strftime("%H:%M")


@register.filter
def moment(value: datetime | None) -> str:
    """Something that happened: "14:02" if it was today in London, else "21 November 2026". Empty for None."""
    if value is None or value == "":
        return ""
    return clock(value) if _local(value).date() == timezone.localdate() else day(value)


@register.filter
def duration(value: int | float | timedelta | None) -> str:
    """A film's length in seconds as "0:48", "12:05" or "1:02:05". Empty for None."""
    if value is None or value == "":
        return ""
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else float(value))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@register.filter
def as_address(text: str | None) -> SafeString:
    """A postal address line by line, with each postcode whole on its line. Empty for None."""
    whole = POSTCODE.sub(r'<span class="nowrap">\g<0></span>', escape(text or ""))
    return mark_safe(whole.replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S308 - escaped above


@register.filter
def initials(name: str | None) -> str:
    """At most two letters that stand for a person's name: "Maya Okafor" → "MO"."""
    words = (name or "").split()
    letters = [word[0] for word in (words[:1] + words[1:][-1:]) if word[0].isalnum()]
    return "".join(letters).upper() or "–"


@register.simple_tag(takes_context=True)
def aria_current(context: Context, url: str, whole: bool = False, also: str = "") -> SafeString:
    """Mark a link of the navigation as the page that is shown or, unless `whole`, as one above it.

    Pages below the address `also` belong to the link too: sessions lie in the catalogue's tree.
    """
    path = getattr(context.get("request"), "path", "")
    if path == url:
        return mark_safe(' aria-current="page"')
    is_above = not whole and path.startswith((url, also or url))
    return mark_safe(' aria-current="true"') if is_above else mark_safe("")


@register.simple_tag
def summarise_errors(form: BaseForm) -> int:
    """Return how many things are to be mended, and note that the summary stands on the page already."""
    form.is_summarised = True  # type: ignore[attr-defined]
    return sum(len(errors) for errors in form.errors.values())


def _local(value: date | datetime | time) -> date | datetime | time:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
