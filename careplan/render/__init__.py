"""What comes out: the one plan in the form that is asked for."""

from pathlib import Path
from typing import Literal

from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.problems import RequestError

Form = Literal["html", "pdf", "staff", "handoff", "card"]
FORMS: tuple[Form, ...] = ("pdf", "html", "staff", "handoff", "card")
# How the file of each form ends; a form that is not named here is its own ending.
ENDINGS = {"staff": "staff.pdf", "handoff": "handoff.pdf", "card": "card.pdf"}


def render(plan: Plan, form: Form, wording: Wording, templates: Path) -> bytes:
    """Return *plan* as the bytes of one file.

    Raises `RequestError` where the plan has nothing for the form, `MissingPartError` and
    `OutputError`.
    """
    # Slow to import: Jinja2, and for all but HTML also WeasyPrint.
    from careplan.render.handout import handout_html, lay_out_handout  # noqa: PLC0415

    refuse_empty(plan, form, wording)
    if form == "html":
        return handout_html(plan, wording, templates).encode()
    from careplan.render.pdf import write  # noqa: PLC0415
    from careplan.render.provenance import record_of  # noqa: PLC0415
    from careplan.render.sheets import lay_out_handoff, lay_out_sheet  # noqa: PLC0415

    if form == "pdf":
        document = lay_out_handout(plan, wording, templates)
    elif form == "handoff":
        document = lay_out_handoff(plan, wording, templates)
    else:
        document = lay_out_sheet(plan, wording, templates, form)
    return write(document, record_of(plan))


def refuse_empty(plan: Plan, form: Form, wording: Wording) -> None:
    """Raise `RequestError` where *plan* has nothing for *form*."""
    if form == "card" and plan.card is None:
        raise RequestError(wording.say("card_none"))
    if form == "handoff" and not plan.therapies:
        raise RequestError(wording.say("handoff_none"))
