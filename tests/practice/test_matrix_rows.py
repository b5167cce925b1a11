"""The table that Python puts together is the one that a template would draw; and nothing typed is markup."""

import re

import pytest
from django.template import engines

from practice.matrix_rows import draw_rows
from practice.outlines import PageRow

TWIN = """
{% for session, numbers in rows %}
  <tr>
    <th scope="row">{{ session.title }}</th>
    {% for number in numbers %}
      <td>{% if number %}
        <span class="cell cell--planned">{{ number }} action{{ number|pluralize }}</span>
      {% else %}<span class="cell">Not yet</span>{% endif %}</td>
    {% endfor %}
    <td>{% if session.finished_by %}
      {{ session.finished_by }} {{ session.finished_by|pluralize:"person,people" }}
      {% else %}<span class="muted">Nobody yet</span>{% endif %}</td>
  </tr>
{% endfor %}"""
MARKUP = "<b>&\"'{0}{title}%s</b>"


def squeeze(html: str) -> str:
    """Without the white space that stands between tags."""
    return re.sub(r"\s+", " ", re.sub(r"\s*(<[^>]*>)\s*", r"\1", html)).strip()


def row(title: str, finished_by: int, *numbers: int) -> tuple[PageRow, list[int]]:
    """A session with what each team planned."""
    return PageRow(1, "", 6, title, "", "", None, None, finished_by), list(numbers)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("Everyday care", 0)],
        [row("Everyday care", 1, 0, 1, 2), row("Play", 2, 21, 0, 0), row("Words", 500, 0, 0, 0)],
        [row(MARKUP, 3, 1)],
    ],
)
def test_it_is_what_a_template_would_draw(rows):
    twin = engines["django"].from_string(TWIN).render({"rows": rows})
    assert squeeze(draw_rows(rows)) == squeeze(twin)


def test_a_title_is_no_markup():
    assert "<b>" not in draw_rows([row(MARKUP, 0)])
