"""What a page shows, read back from the elements that Streamlit would send to the browser."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

_FIGURES = re.compile(r'<table class="figures( named)?">')


def plain(markdown: str) -> str:
    """Markdown in which every sign is escaped, as a reader sees it; what joins a minus to its amount is not seen."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("\u2060", "")


def unescaped(markdown: str) -> str:
    """What is left of Markdown for a renderer to read in its own way."""
    return re.sub(r"\\.", "", markdown)


def title(app: AppTest) -> str:
    """The page's only title."""
    (found,) = app.title
    return plain(found.value)


def data_line(app: AppTest) -> str:
    """The line under the title."""
    return plain(app.caption[0].value)


def headers(app: AppTest) -> list[str]:
    """Titles of the exhibits, in order."""
    return [plain(header.value) for header in app.header]


def everything(app: AppTest) -> str:
    """All words of the page, also those of errors and notes."""
    shown = [*app.title, *app.header, *app.caption, *app.markdown, *app.error, *app.info, *app.warning, *app.code]
    return "\n".join(plain(str(element.value)) for element in shown)


@dataclass(frozen=True)
class Drawn:
    """A chart as it is sent to the browser; a line whose last piece is drawn in another way is one mark."""

    marks: dict[str, list[float | None]]
    alt: str


def charts(app: AppTest) -> list[Drawn]:
    """Every chart of the page: values by name of the mark, and the text for who cannot see it."""
    found = []
    for element in app.get("plotly_chart"):
        marks: dict[str, list[float | None]] = {}
        for mark in json.loads(element.proto.spec)["data"]:
            if name := mark.get("name"):
                pieces = zip(marks.get(name, mark["y"]), mark["y"], strict=True)
                marks[name] = [one if other is None else other for one, other in pieces]
        found.append(Drawn(marks, element.proto.alt))
    return found


def movers(app: AppTest) -> list[list[str]]:
    """Rows of the table of figures, its header first; empty where the page has none."""
    for element in app.get("html"):
        if _FIGURES.search(element.proto.body):
            rows = re.findall(r"<tr>(.*?)</tr>", element.proto.body)
            return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]
    return []


def tables(app: AppTest) -> dict[str, list[list[str]]]:
    """Rows of every table of figures by its caption, the header first."""
    found = {}
    for element in app.get("html"):
        if _FIGURES.search(element.proto.body):
            (caption,) = re.findall(r"<caption>(.*?)</caption>", element.proto.body)
            rows = re.findall(r"<tr>(.*?)</tr>", element.proto.body)
            cells = [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]
            found[unescape(caption)] = cells
    return found


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button of that name and run the page again."""
    next(button for button in app.button if button.label == label).click()
    return app.run()


def undo_button(app: AppTest) -> str:
    """What the only button says that takes a change of a history back or brings it back."""
    (found,) = (one.label for one in app.button if one.label.startswith(("Undo\\: ", "Bring back\\: ")))
    return plain(found)


def press_undo(app: AppTest) -> AppTest:
    """Press that button and run the page again."""
    return press(app, next(one.label for one in app.button if plain(one.label) == undo_button(app)))


def table(app: AppTest) -> list[dict[str, Any]]:
    """Rows of the page's first table of numbers; an unknown amount is None."""
    frame = app.dataframe[0].value
    return [
        {name: None if value is None or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def choose(app: AppTest, **choices: Any) -> AppTest:
    """Make choices in widgets by their key and run the page again; a list goes to a choice of several."""
    widgets = {widget.key: widget for kind in ("selectbox", "button_group", "multiselect") for widget in app.get(kind)}
    for key, value in choices.items():
        widgets[key].set_value(value)
    return app.run()
