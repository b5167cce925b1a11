"""A real Chromium against a live server; each page is watched for errors while it is used."""

import os
import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import User
from elearning.system_packages import find_browser
from tests import factories as make
from tests.browser.films import draw_film, prepare_clip
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
PICTURED = {("desktop", "light"), ("phone", "dark")}
PATIENCE_MS = 15_000
AXE = Axe()
PICTURES = Path(settings.BASE_DIR) / "var" / "pictures"

# Playwright's synchronous API runs an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    """Everything in this folder needs a browser and says so."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """One browser for all tests of this process."""
    migrated = getattr(connections["default"], "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        # Beside an event loop, Django gives this thread a new connection. It too must know what migrations
        # made, to put that back after each test that has emptied the database.
        if migrated is not None:
            connections["default"]._test_serialized_contents = migrated
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A person at a browser, who notices every error on the way, in every tab."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            **{"viewport": SIZES["desktop"], "locale": "en-GB", "accept_downloads": True, **options}
        )
        self.errors: list[str] = []
        self.expected_statuses: set[int] = set()
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.errors.append(f"page error: {error.error}"))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)

    def _heard(self, message) -> None:
        # Of every answer of 400 and above it says "Failed to load resource"; `_answered` judges those.
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

    def follow(self, label: str) -> Page:
        """Press the first link of the main part whose words begin so."""
        link = self.page.locator("main").get_by_role("link", name=re.compile(f"^{re.escape(label)}"))
        link.first.click()
        self.page.wait_for_load_state()
        return self.page

    def press(self, label: str) -> Page:
        """Press the first button of the main part whose words begin so."""
        button = self.page.locator("main").get_by_role("button", name=re.compile(f"^{re.escape(label)}"))
        button.first.click()
        self.page.wait_for_load_state()
        return self.page

    def reads(self, words: str) -> None:
        """Wait until the page says these words."""
        expect(self.page.locator("body")).to_contain_text(words)

    def until(self, expression: str) -> None:
        """Wait until an expression of the page is true. The site's policy forbids Playwright's own way."""
        ends_at = time.monotonic() + PATIENCE_MS / 1000
        while not self.page.evaluate(expression):
            assert time.monotonic() < ends_at, f"never true: {expression}"
            self.page.wait_for_timeout(50)

    def sign_in(self, user: User, page: Page | None = None) -> Page:
        """Sign in by the form, as everybody does."""
        page = page or self.page
        page.goto(self.address + "/account/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        return page

    def come_in(self, user: User) -> "Visitor":
        """Be signed in already, for what is not about signing in."""
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return self

    def download(self, label: str) -> bytes:
        """Press a link and return the file that it brings."""
        with self.page.expect_download() as arriving:
            self.follow(label)
        return Path(arriving.value.path()).read_bytes()

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def close(self) -> None:
        """Leave; whatever went wrong unnoticed is a failure of the test."""
        self.context.close()
        assert self.errors == []


@pytest.fixture
def visit(chromium, live_server, settings):
    """Make visitors: ``visit()`` is a stranger at a desktop, ``visit(maya)`` has signed in before."""
    settings.BASE_URL = live_server.url
    visitors = []

    def new_visitor(user: User | None = None, **options) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, **options))
        return visitors[-1].come_in(user) if user else visitors[-1]

    yield new_visitor
    for visitor in visitors:
        visitor.close()


def assert_good_page(page: Page) -> None:
    """No accessibility fault that axe knows, no sideways scrolling, a stylesheet that arrived."""
    found = AXE.run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"{page.url} scrolls sideways: {widths}"
    assert page.evaluate("[...document.styleSheets].some(sheet => sheet.cssRules.length > 50)"), (
        "no stylesheet"
    )


def assert_good_everywhere(visitor: Visitor, name: str) -> None:
    """The page at hand is good at phone and desktop width, light and dark, and does not scroll at 320 px.

    Two pictures are kept for people to look at: the desktop in the light, the phone in the dark.
    """
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            assert_good_page(page)
            if (size, scheme) in PICTURED:
                visitor.picture(f"{name}-{size}-{scheme}")
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, f"{page.url} scrolls sideways at 320 px: {width}"
    page.set_viewport_size(SIZES["desktop"])
    page.emulate_media(color_scheme="light")


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> Path:
    """Six seconds of film as an author would upload it."""
    return draw_film(tmp_path_factory.mktemp("film") / "film.mp4")


@pytest.fixture
def clip_page(film, course):
    """A clip of the course's session that really plays."""
    return make.make_clip_page(course.session_page, "A nappy change", clip=prepare_clip(film))
