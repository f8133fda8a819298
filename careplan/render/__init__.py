"""What comes out: the one plan in the form that is asked for."""

from pathlib import Path
from typing import Literal

from careplan.content.wording import Wording
from careplan.planning.plan import Plan

Form = Literal["html", "pdf", "staff", "handoff"]
FORMS: tuple[Form, ...] = ("pdf", "html", "staff", "handoff")
# The template of each sheet that is no handout.
_SHEETS = {"staff": "staff.html.j2", "handoff": "handoff.html.j2"}
# How the file of each form ends; a form that is not named here is its own ending.
ENDINGS = {"staff": "staff.pdf", "handoff": "handoff.pdf"}


def render(plan: Plan, form: Form, wording: Wording, templates: Path) -> bytes:
    """Return *plan* as the bytes of one file; raises `MissingPartError`, `OutputError`."""
    # Slow to import: Jinja2, and for all but HTML also WeasyPrint.
    from careplan.render.handout import guess, lay_out_handout  # noqa: PLC0415
    from careplan.render.html import render_html  # noqa: PLC0415

    if form == "html":
        return render_html(plan, wording, templates, fit=guess(plan, wording, templates)).encode()
    from careplan.render.pdf import lay_out, write  # noqa: PLC0415
    from careplan.render.stationery import own_files  # noqa: PLC0415

    if form in _SHEETS:
        html = render_html(plan, wording, templates, _SHEETS[form])
        fillable = bool(plan.request.fillable)
        return write(lay_out(html, templates, own_files(plan.clinic), fillable=fillable))
    return write(lay_out_handout(plan, wording, templates))
