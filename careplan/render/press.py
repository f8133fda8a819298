"""A plan's page, laid out: its HTML with the clinic's own files, and with fields if it is to have them."""

from pathlib import Path
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render.fit import Fit
from careplan.render.html import Margins, render_html
from careplan.render.pdf import lay_out
from careplan.render.stationery import own_files

_ALL = Margins()


def lay_out_page(  # noqa: PLR0913, PLR0917 - a plan, what it is written with, and how it is laid out
    plan: Plan, wording: Wording, templates: Path, page: str, fit: Fit, margins: Margins = _ALL
) -> Any:
    """Return the template *page* as WeasyPrint's document; raises `MissingPartError`, `OutputError`."""
    html = render_html(plan, wording, templates, page, fit, margins)
    return lay_out(html, templates, own_files(plan.clinic), fillable=bool(plan.request.fillable))
