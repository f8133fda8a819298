"""The handout as HTML."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render import render
from careplan.render.html import render_html

GOLDEN = Path(__file__).parent.parent / "golden"
VOID = {"meta", "br", "col", "line", "path", "link", "img"}


class _Reader(HTMLParser):
    """Notes headings, ids, loaded addresses and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.addresses: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag != "a":  # a link is followed by the reader, never loaded
            self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "srcset")]

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def read(html: str) -> _Reader:
    """Return what a look through *html* finds."""
    reader = _Reader()
    reader.feed(html)
    return reader


def test_the_demo_is_printed_as_agreed(
    plan_for: Callable[..., Plan], wording: Wording, golden: Callable[[Path, str], None]
) -> None:
    """The whole HTML of the demo is as it was when somebody last read it."""
    html = render_html(plan_for(), wording, templates_folder())

    golden(GOLDEN / "demo.html", html)


@pytest.mark.parametrize("changes", [{}, {"date": None}, {"large_print": True}, {"therapies": []}])
def test_elements_are_closed_and_headings_skip_no_level(
    plan_for: Callable[..., Plan], wording: Wording, changes: dict[str, object]
) -> None:
    """A listener can follow the page: one h1, no level skipped, nothing left open."""
    reader = read(render_html(plan_for(**changes), wording, templates_folder()))

    assert reader.unbalanced == []
    assert reader.open == []
    assert reader.headings.count(1) == 1
    assert reader.headings[0] == 1
    steps = zip(reader.headings, reader.headings[1:], strict=False)
    assert [pair for pair in steps if pair[1] > pair[0] + 1] == []


def test_nothing_is_loaded_from_elsewhere(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """The page names no picture and no style sheet, so nothing can be fetched."""
    html = render_html(plan_for(), wording, templates_folder())

    assert read(html).addresses == []
    assert "url(" not in html
    assert "@import" not in html


def test_what_a_person_typed_cannot_become_markup(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """A name with markup, quotes and CSS in it stands on the page as it was typed."""
    name = 'Jordan "} <b>Example</b> \\'
    html = render_html(plan_for(patient={"name": name}), wording, templates_folder())

    assert "<b>Example" not in html
    assert "Jordan &#34;} &lt;b&gt;Example&lt;/b&gt; \\" in html
    assert "Jordan \\000022 \\00007d  \\00003c b" in html


def test_lines_to_write_on_are_drawn(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """No run of underscores reaches paper; each is a line that a person can write on."""
    html = render_html(plan_for(date=None), wording, templates_folder())

    body = html[html.index("<body>") :]
    assert "____" not in re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL)
    assert body.count('<span class="blank"></span>') > len(plan_for(date=None).own_appointments)


def test_an_undefined_word_is_an_error(
    plan_for: Callable[..., Plan], wording: Wording, tmp_path: Path
) -> None:
    """A template that asks for something the plan does not have fails instead of leaving a hole."""
    (tmp_path / "css").mkdir()
    for sheet in (templates_folder() / "css").iterdir():
        (tmp_path / "css" / sheet.name).write_text(sheet.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "fonts").symlink_to(templates_folder() / "fonts")
    (tmp_path / "handout.html.j2").write_text("{{ plan.no_such_thing }}", encoding="utf-8")

    with pytest.raises(UndefinedError):
        render_html(plan_for(), wording, tmp_path)


def test_the_same_plan_gives_the_same_bytes(plan_for: Callable[..., Plan], wording: Wording) -> None:
    """Two plans for one request are printed alike to the last byte."""
    first = render(plan_for(), "html", wording, templates_folder())
    second = render(plan_for(), "html", wording, templates_folder())

    assert first == second
