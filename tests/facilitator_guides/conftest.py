"""What the tests of papers share."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader


@pytest.fixture
def read_pdf() -> Callable[[bytes], list[str]]:
    """The text of each page of a PDF."""
    return lambda content: [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
