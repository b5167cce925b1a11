"""What a task sheet is made of: six flat blocks, each with an optional heading.

The names of the values are those of the demo content, so a record there turns into a block as it is; only a
table's rows are written one a line, with the cells parted by ``|``.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from wagtail import blocks

MOST_COLUMNS = 8
MOST_ROWS = 40
CELL_SEPARATOR = "|"
TEMPLATES = "print/facilitator_guides/blocks/"


class SheetBlock(blocks.StructBlock):
    """A part of a sheet, with a heading where it needs one."""

    heading = blocks.CharBlock(required=False, max_length=120)


class TableBlock(SheetBlock):
    """A table to fill in, or filled in already, or both."""

    columns = blocks.ListBlock(
        blocks.CharBlock(max_length=120),
        min_num=1,
        max_num=MOST_COLUMNS,
        help_text="The heading of each column.",
    )
    rows = blocks.ListBlock(
        blocks.CharBlock(max_length=600),
        default=[],
        max_num=MOST_ROWS,
        help_text="One row a line. Part the cells with |, for example: Lunch | Rose | Beth",
    )
    blank_rows = blocks.IntegerBlock(
        default=0, min_value=0, max_value=MOST_ROWS, help_text="How many empty rows to write in."
    )

    class Meta:
        icon = "table"
        label = "Table"
        template = f"{TEMPLATES}table.html"

    def clean(self, value: Any) -> Any:
        """Refuse rows with more cells than there are columns, and a table without any row."""
        cleaned = super().clean(value)
        columns = len(cleaned["columns"])
        if not cleaned["rows"] and not cleaned["blank_rows"]:
            raise blocks.StructBlockValidationError(
                {"blank_rows": ValidationError("The table has no rows: write some, or ask for blank ones.")}
            )
        for number, row in enumerate(cleaned["rows"], 1):
            if len(row.split(CELL_SEPARATOR)) > columns:
                raise blocks.StructBlockValidationError(
                    {
                        "rows": ValidationError(
                            f"Row {number} has more cells than the table's {columns} columns."
                        )
                    }
                )
        return cleaned

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add ``cells``: the rows as lists of equal length, blank rows last."""
        context = super().get_context(value, parent_context=parent_context)
        width = len(value["columns"])
        written = [[cell.strip() for cell in row.split(CELL_SEPARATOR)] for row in value["rows"]]
        context["cells"] = [(row + [""] * width)[:width] for row in written]
        context["blank"] = range(value["blank_rows"] or 0)
        return context


class BoxesBlock(SheetBlock):
    """Boxes to write or draw in, each with a label."""

    labels = blocks.ListBlock(blocks.CharBlock(max_length=200), min_num=1, max_num=12)

    class Meta:
        icon = "placeholder"
        label = "Boxes to write in"
        template = f"{TEMPLATES}boxes.html"


class ChecklistBlock(SheetBlock):
    """Things to tick."""

    items = blocks.ListBlock(blocks.CharBlock(max_length=300), min_num=1, max_num=MOST_ROWS)

    class Meta:
        icon = "tick"
        label = "Things to tick"
        template = f"{TEMPLATES}checklist.html"


class LinesBlock(SheetBlock):
    """Ruled lines below a question."""

    label = blocks.CharBlock(required=False, max_length=300, help_text="The question above the lines.")
    count = blocks.IntegerBlock(default=3, min_value=1, max_value=20, help_text="How many lines.")

    class Meta:
        icon = "minus"
        label = "Lines to write on"
        template = f"{TEMPLATES}lines.html"

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        """Add ``lines`` to draw one after the other."""
        context = super().get_context(value, parent_context=parent_context)
        context["lines"] = range(value["count"] or 0)
        return context


class CardsBlock(SheetBlock):
    """Cards to cut out and sort."""

    items = blocks.ListBlock(blocks.CharBlock(max_length=300), min_num=1, max_num=MOST_ROWS)

    class Meta:
        icon = "copy"
        label = "Cards to cut out"
        template = f"{TEMPLATES}cards.html"


class TextBlock(SheetBlock):
    """A short text to read."""

    text = blocks.TextBlock(max_length=2000)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = f"{TEMPLATES}text.html"


class SheetBlocks(blocks.StreamBlock):
    """Everything that a sheet may hold, in the order that people meet it."""

    table = TableBlock()
    boxes = BoxesBlock()
    checklist = ChecklistBlock()
    lines = LinesBlock()
    cards = CardsBlock()
    text = TextBlock()

    class Meta:
        block_counts: ClassVar = {}
        max_num = 20
