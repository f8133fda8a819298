"""What comes out: the one plan in the form that is asked for."""

from pathlib import Path
from typing import Literal

from careplan.content.wording import Wording
from careplan.planning.plan import Plan

Form = Literal["html", "pdf", "staff"]
FORMS: tuple[Form, ...] = ("pdf", "html", "staff")
# How the file of each form ends; a form that is not named here is its own ending.
ENDINGS = {"staff": "staff.pdf"}


def render(plan: Plan, form: Form, wording: Wording, templates: Path) -> bytes:
    """Return *plan* as the bytes of one file; raises `MissingPartError`, `OutputError`."""
    from careplan.render.html import render_html  # noqa: PLC0415 - Jinja2 is slow to import

    page = "staff.html.j2" if form == "staff" else "handout.html.j2"
    html = render_html(plan, wording, templates, page)
    if form == "html":
        return html.encode()
    from careplan.render.pdf import render_pdf  # noqa: PLC0415 - WeasyPrint is slow to import

    return render_pdf(html, templates)
