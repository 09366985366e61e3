"""A visitor without a browser: reads the page's forms and sends what a browser would."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse

from tests.support.browsing import Browser
from tests.support.walking.visitor import Fetched, File, Typed, parts_of, spaceless

SILENT = ("script", "style", "template")


class HttpVisitor:
    """One person with cookies of their own; forms carry the token that stands in them."""

    def __init__(self, app: Flask) -> None:
        self.client = Browser(app, app.response_class).forging()
        self.answer: TestResponse | None = None
        self.page: HtmlElement = html.document_fromstring("<p></p>")
        self.files: dict[tuple[str, str], File] = {}

    @property
    def path(self) -> str:
        assert self.answer is not None
        query = self.answer.request.query_string.decode()
        return self.answer.request.path + (f"?{query}" if query else "")

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def words(self) -> str:
        return spaceless(self.page.text_content())

    def open(self, path: str) -> None:
        self._arrive(self.client.get(path, follow_redirects=True))

    def names(self) -> list[str]:
        return [str(name) for name in self.page.xpath("//main//*[self::input or self::select or self::textarea]/@name")]

    def links(self, part: str) -> list[str]:
        found = [urljoin(self.path, str(href)) for href in self.page.xpath("//a/@href")]
        return list(dict.fromkeys(href for href in found if part in href))

    def fill(self, values: Mapping[str, Typed], *, within: str = "") -> None:
        for name, value in values.items():
            for part, piece in parts_of(name, value).items():
                self._set(part, piece, self._scope(within))

    def press(self, label: str, *, within: str = "") -> None:
        buttons = [b for b in self._scope(within).iter("button") if spaceless(b.text_content()) == spaceless(label)]
        assert buttons, f"no button {label} on {self.path} ({self.status}): {self.words[:2000]}"
        button = buttons[0]
        assert button.get("disabled") is None, f"{label} is disabled: {self.words[:3000]}"
        form: Any = next(button.iterancestors("form"))
        values = [(str(name), value) for name, value in form.form_values()]
        if button.get("name"):
            values.append((button.get("name"), button.get("value") or ""))
        action = urljoin(self.path, button.get("formaction") or form.get("action") or self.path)
        if (form.get("method") or "get").lower() == "get":
            self._arrive(self.client.get(action.split("?")[0], query_string=values, follow_redirects=True))
            return
        data: dict[str, Any] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        for (place, name), file in self.files.items():
            if place == self._place(form):
                data[name] = (io.BytesIO(file.content), file.name)
        kind = form.get("enctype") or "application/x-www-form-urlencoded"
        self._arrive(self.client.post(action, data=data, content_type=kind, follow_redirects=True))

    def hand_in(self, name: str, file: File, *, slot: str) -> None:
        self.fill({name: file})
        self.press("上传", within=slot)

    def fetch(self, path: str) -> Fetched:
        with self.client.get(path) as answer:
            return Fetched(answer.status_code, answer.content_type, answer.data)

    def picture(self, name: str) -> None:
        return

    def leave(self) -> None:
        return

    def _arrive(self, answer: TestResponse) -> None:
        self.answer, self.files = answer, {}
        if answer.mimetype != "text/html":
            raise AssertionError(f"{answer.request.path} is {answer.mimetype}: fetch it")
        self.page = html.document_fromstring(answer.get_data(as_text=True))
        for element in list(self.page.iter(*SILENT)):
            element.drop_tree()
        assert urlsplit(answer.request.url).hostname == "localhost"

    def _place(self, form: FormElement) -> str:
        return str(self.page.getroottree().getpath(form))

    def _scope(self, within: str) -> HtmlElement:
        if not within:
            found: HtmlElement = self.page.find(".//main")
            return found
        inner: HtmlElement = self.page.get_element_by_id(within)
        return inner

    def _set(self, name: str, value: Typed, scope: HtmlElement) -> None:
        inputs = scope.xpath(f".//*[@name='{name}']")
        assert inputs, f"no input {name} on {self.path} ({self.status})"
        first = inputs[0]
        if isinstance(value, File):
            form: FormElement = next(first.iterancestors("form"))
            self.files[(self._place(form), name)] = value
        elif first.get("type") in {"radio", "checkbox"}:
            _tick(inputs, value)
        elif first.tag == "select":
            first.value = value
        elif first.tag == "textarea":
            first.text = value
        else:
            first.set("value", str(value))


def _tick(inputs: list[Any], value: Typed) -> None:
    """Tick what was asked for and nothing else; True is the one box there is."""
    wanted = {value} if isinstance(value, str) else set(value) if not isinstance(value, bool) else None  # type: ignore[arg-type]
    if wanted is not None:
        offered = {box.get("value") for box in inputs}
        assert wanted <= offered, f"{wanted} is not offered among {offered}"
    for box in inputs:
        on = value if wanted is None else box.get("value") in wanted
        if on:
            box.set("checked", "checked")
        else:
            box.attrib.pop("checked", None)
