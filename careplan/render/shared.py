"""Handouts that differ in the patient's name only: what they share is laid out once.

The pages before the procedure's own carry the name in their text and are laid out for each
patient. On the others it stands in the margin, so a line of its own is laid over them.
"""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.planning.request import Patient
from careplan.render import Form, render
from careplan.render.fit import Fit
from careplan.render.handout import lay_out_fitted
from careplan.render.html import FIRST_PAGES, OWNER, Margins
from careplan.render.pdf import draw_overlay, starts_on_page, write
from careplan.render.press import lay_out_page
from careplan.render.provenance import record_of


class SharedPages:
    """One *plan* without a name, to be printed for several patients."""

    def __init__(self, plan: Plan, form: Form, wording: Wording, templates: Path) -> None:
        self._plan = plan
        self._form = form
        self._tools = (wording, templates)
        self._record = record_of(plan)

    def printed(self, name: str | None, *, is_only: bool = False) -> bytes:
        """Return the plan as a PDF for the patient *name*; pages for *is_only* one are not kept.

        It looks and reads like what `render` makes of the plan with that name; raises as that does.
        """
        if name is None or self._plan.request.write_in:
            return self._nameless
        plan = replace(self._plan, request=self._plan.request.model_copy(
            update={"patient": Patient(name=name)},
        ))
        if self._form == "pdf" and _says_name_first(plan) and not is_only:
            document, fit, first = self._others
            own = self._lay_out(plan, FIRST_PAGES, fit, len(document.pages))
            # A long name may need another line and so another page, which the others do not count.
            if len(own.pages) == first:
                joined = own.copy(own.pages + document.pages[first:])
                owner = draw_overlay(self._lay_out(plan, OWNER, fit), first)
                return write(joined, self._record, owner)
        return render(plan, self._form, *self._tools)

    @cached_property
    def _nameless(self) -> bytes:
        return render(self._plan, self._form, *self._tools)

    @cached_property
    def _others(self) -> tuple[Any, Fit, int]:
        """Return the handout without a word on whose it is, how it fits, and the number of first pages."""
        document, fit = lay_out_fitted(self._plan, *self._tools, Margins(owner=False))
        return document, fit, starts_on_page(document, "procedure") - 1

    def _lay_out(self, plan: Plan, page: str, fit: Fit, pages: int | None = None) -> Any:
        return lay_out_page(plan, *self._tools, page, fit, Margins(pages=pages))


def _says_name_first(plan: Plan) -> bool:
    """Return whether the name stands in the text of the first pages only, and these end before others."""
    has_card = bool(plan.card and plan.card.is_new)
    return not (has_card or plan.request.large_print)
