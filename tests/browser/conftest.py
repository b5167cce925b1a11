"""A real Chromium against a live server; each page is watched for errors while it is used."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django_tasks_db.management.commands.db_worker import Worker
from playwright.sync_api import Browser, Page, sync_playwright

from elearning.system_packages import find_browser
from tests.factories import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
SCHEMES = ("light", "dark")
PICTURES = Path(settings.BASE_DIR) / "var" / "pictures"

# Playwright's synchronous API runs an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    """Everything in this folder needs a browser and says so."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A person at a browser, who notices every error on the way."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        self.address = address
        self.context = browser.new_context(**{"viewport": SIZES["desktop"], "locale": "en-GB", **options})
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.expected_statuses: set[int] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _heard(self, message) -> None:
        # The browser says "Failed to load resource" of every answer of 400 and above; `_answered` judges those.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(f"console: {message.text} at {self.page.url}")

    def _failed(self, request) -> None:
        # A film that is left, and a page that is left, abort what was still on its way.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.errors.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.errors.append(f"{response.status}: {response.request.method} {response.url}")

    def expect(self, *statuses: int) -> None:
        """From now on these statuses are part of the story."""
        self.expected_statuses.update(statuses)

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in by the form, as everybody does."""
        self.open("/account/login/")
        self.page.get_by_label("E-mail").first.fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/account/login" not in url)
        return self.page

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def close(self) -> None:
        """Leave; whatever went wrong unnoticed is a failure of the test."""
        self.context.close()
        assert self.errors == []


@pytest.fixture
def visit(chromium, live_server):
    """Make visitors: ``visit()`` is one at a desktop."""
    visitors = []

    def new_visitor(**options) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, **options))
        return visitors[-1]

    yield new_visitor
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def run_jobs(live_server):
    """Do what the background worker would do now."""

    def work() -> None:
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="test",
            excluded_queue_names=[],
        ).run()

    return work


def assert_good_page(page: Page) -> None:
    """No accessibility fault that axe knows, no sideways scrolling, a stylesheet that arrived."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"{page.url} scrolls sideways: {widths}"
    assert page.evaluate("[...document.styleSheets].some(sheet => sheet.cssRules.length > 50)"), "no stylesheet"


def assert_good_everywhere(visitor: Visitor, name: str) -> None:
    """The page at hand is good at phone and desktop width, light and dark, and does not scroll at 320 px."""
    page = visitor.page
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            assert_good_page(page)
            visitor.picture(f"{name}-{size}-{scheme}")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{page.url} scrolls sideways at 320 px"
    page.set_viewport_size(SIZES["desktop"])
    page.emulate_media(color_scheme="light")
