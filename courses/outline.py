"""What the catalogue shows of a course: its sections and sessions, and what can be rented."""

from courses.querysets import address_of, outline_below, products_of


def outline_of(path: str, *, open_paths: set[str]) -> list[dict]:
    """The sections at or below a tree ``path`` with their sessions, from one query.

    A session has a ``url`` only where the asker may open it: its section's path is in ``open_paths``.
    """
    sections: list[dict] = []
    for row in outline_below(path):
        if row["depth"] == 5:
            is_open = row["path"] in open_paths
            sections.append({**row, "url": address_of(row["url_path"]), "is_open": is_open, "sessions": []})
        elif sections and row["path"].startswith(sections[-1]["path"]):
            sessions = sections[-1]["sessions"]
            url = address_of(row["url_path"]) if sections[-1]["is_open"] and row["live"] else ""
            sessions.append({**row, "number": len(sessions) + 1, "url": url})
    return sections


def first_open_session(outline: list[dict]) -> dict | None:
    """The first session of an outline that the asker may open, or None."""
    return next((one for section in outline for one in section["sessions"] if one["url"]), None)


def buying_options(path: str) -> list[dict]:
    """The products that open what lies at a tree ``path``, cheapest first; the widest opens most of it."""
    products = list(products_of(path))
    widest = max(products, key=lambda product: product.section_count, default=None)
    return [
        {
            "product": product,
            "is_widest": product is widest,
            "terms": f"for {product.months} month{'s' if product.months != 1 else ''}",
        }
        for product in products
    ]
