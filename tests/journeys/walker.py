"""A person who goes through the site by what its pages offer: links, buttons and fields, and nothing else."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD


class Walker:
    """One person at one browser without scripts. Every step says which status it expects."""

    def __init__(self) -> None:
        self.client = Client()
        self.address = "/"
        self.content = b""
        self.page = BeautifulSoup("", "html.parser")

    @property
    def text(self) -> str:
        """What the main part of the page says, in one line."""
        return in_one_line(self.page.find("main") or self.page)

    def open(self, address: str, status: int = 200) -> "Walker":
        """Go to an address, following wherever it sends."""
        return self._arrive(self.client.get(within_site(address), follow=True), status, address)

    def follow(self, label: str, status: int = 200) -> "Walker":
        """Press the link with these words."""
        link = named(self.page.find_all("a", href=True), label)
        return self.open(urljoin(self.address, str(link["href"])), status)

    def press(self, label: str, status: int = 200, **words: object) -> "Walker":
        """Fill in ``words`` and press the button with this label; hidden and prefilled fields go along."""
        button = named(self.page.find_all("button"), label)
        form = button.find_parent("form")
        assert form is not None, f"{label!r} belongs to no form"
        offered = filled_in(form)
        assert set(words) <= names_in(form), f"{set(words) - names_in(form)} not offered at {self.address}"
        data = {**offered, **words}
        if button.get("name"):
            data[str(button["name"])] = button.get("value", "")
        address = within_site(urljoin(self.address, str(form.get("action") or self.address)))
        send = self.client.post if str(form.get("method", "get")).lower() == "post" else self.client.get
        return self._arrive(send(address, data, follow=True), status, address)

    def sign_in(self, user: User) -> "Walker":
        """Sign in by the form."""
        self.open("/account/login/")
        return self.press("Sign in", login=user.email, password=PASSWORD)

    def _arrive(self, response, status: int, address: str) -> "Walker":
        self.address = within_site(response.redirect_chain[-1][0] if response.redirect_chain else address)
        self.content = b"".join(response) if response.streaming else response.content
        self.response = response
        is_page = response.get("Content-Type", "").startswith("text/html")
        self.page = BeautifulSoup(self.content if is_page else b"", "html.parser")
        assert response.status_code == status, f"{response.status_code} at {self.address}: {self.text[:400]}"
        return self


def within_site(address: str) -> str:
    """An address of the site without its host."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def in_one_line(part: Tag) -> str:
    """The words of a part of a page."""
    return " ".join(part.get_text(" ").split())


def named(parts: Iterable[Tag], label: str) -> Tag:
    """The first part with exactly this label, else the first that begins with it."""
    known = [(in_one_line(part), part) for part in parts]
    exact = [part for name, part in known if name == label]
    begun = [part for name, part in known if name.startswith(label)]
    found = next(iter(exact or begun), None)
    assert found is not None, f"{label!r} is not offered, only {[name for name, _ in known]}"
    return found


def names_in(form: Tag) -> set[str]:
    """The names of all fields of a form."""
    return {
        str(field["name"]) for field in form.find_all(["input", "select", "textarea"]) if field.get("name")
    }


def filled_in(form: Tag) -> dict[str, object]:
    """What a form would send as it stands."""
    data: dict[str, object] = {}
    for field in form.find_all("input"):
        is_choice = field.get("type") in ("checkbox", "radio")
        if field.get("name") and (not is_choice or field.has_attr("checked")):
            data[str(field["name"])] = field.get("value", "on" if is_choice else "")
    for area in form.find_all("textarea"):
        if area.get("name"):
            data[str(area["name"])] = area.get_text().removeprefix("\n")
    for select in form.find_all("select"):
        options = select.find_all("option")
        chosen = next((one for one in options if one.has_attr("selected")), options[0] if options else None)
        if select.get("name") and chosen is not None:
            data[str(select["name"])] = chosen.get("value", in_one_line(chosen))
    return data
