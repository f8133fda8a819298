"""What comes out: the one plan in the form that is asked for."""

from pathlib import Path
from typing import Literal

from careplan.content.wording import Wording
from careplan.planning.plan import Plan

Form = Literal["html", "pdf", "staff", "handoff"]
FORMS: tuple[Form, ...] = ("pdf", "html", "staff", "handoff")
# The template of each sheet that is no handout.
_PAGES = {"staff": "staff.html.j2", "handoff": "handoff.html.j2"}
# Where the procedure's own chapter begins, so that page 1 works alone.
SECOND = 2
# How the file of each form ends; a form that is not named here is its own ending.
ENDINGS = {"staff": "staff.pdf", "handoff": "handoff.pdf"}


def render(plan: Plan, form: Form, wording: Wording, templates: Path) -> bytes:
    """Return *plan* as the bytes of one file; raises `MissingPartError`, `OutputError`."""
    from careplan.render.fit import TIGHTEST, first_guess  # noqa: PLC0415
    from careplan.render.html import render_html  # noqa: PLC0415 - Jinja2 is slow to import

    page = _PAGES.get(form, "handout.html.j2")
    tight = first_guess(plan)
    html = render_html(plan, wording, templates, page, tight)
    if form == "html":
        return html.encode()
    from careplan.render.pdf import lay_out, starts_on_page, write  # noqa: PLC0415 - slow to import

    document = lay_out(html, templates)
    # Large print has as many first pages as it needs.
    last = tight if form in _PAGES or plan.request.large_print else TIGHTEST
    while tight < last and starts_on_page(document, "procedure") > SECOND:
        tight += 1
        document = lay_out(render_html(plan, wording, templates, page, tight), templates)
    return write(document)
