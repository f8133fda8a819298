"""The plan as one HTML page that needs nothing from elsewhere."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from careplan.content.rules import ACTIONS
from careplan.content.wording import Wording
from careplan.planning.plan import Plan
from careplan.render.blanks import Blanks
from careplan.render.fit import MESSAGE_ALONE, PARTS, PLAN_STEPS, SOON, STACKED, TIGHTEST, Fit, halves
from careplan.render.picture import draw_timeline
from careplan.render.provenance import provenance, signed_lines
from careplan.render.stationery import letterhead, own_fonts, theme_styles
from careplan.render.tokens import read_tokens

# Everything in its place, with all the air there can be.
_UNTOUCHED = Fit()
_LAYERS = ("tokens", "page", "type", "components")
HANDOUT = "handout.html.j2"
# Of the handout: the pages before the procedure's own, and the line that says whose a page is.
FIRST_PAGES, OWNER = "first-pages.html.j2", "owner.html.j2"
# Sheets for staff; large print is for the patient.
_FOR_STAFF = ("staff.html.j2", "handoff.html.j2")
# Reasons of these kinds stay on the plan's pages: they leave something out or need an answer.
_ANSWERED = ("block", "ask")
_SIZES = {"letter": "8.5in 11in", "a4": "210mm 297mm"}


@dataclass(frozen=True)
class Margins:
    """What the margins leave to others: who the *owner* is, and how many *pages* there are in all."""

    owner: bool = True
    pages: int | None = None


_ALL = Margins()


def render_html(  # noqa: PLR0913, PLR0917 - a plan, what it is written with, and how it is laid out
    plan: Plan, wording: Wording, templates: Path, page: str = HANDOUT, fit: Fit = _UNTOUCHED,
    margins: Margins = _ALL,
) -> str:
    """Return *plan* as an HTML page, written by the template *page*, that holds all it needs."""
    is_handout = page in (HANDOUT, FIRST_PAGES, OWNER)
    tight = fit.cover
    editions = tuple(
        one for one in plan.request.editions if one != "large-print" or page not in _FOR_STAFF
    )
    tokens = read_tokens(templates, plan.clinic.theme, editions)
    paper, fonts = plan.request.paper or "letter", own_fonts(plan.clinic)
    drawn = is_handout and "large-print" not in editions
    picture = draw_timeline(plan.timeline, paper, tight, fonts) if drawn else None
    return _environment(templates).get_template(page).render(
        plan=plan,
        say=wording.say,
        styles=_styles(templates, _LAYERS) + theme_styles(plan.clinic, templates)
        + _styles(templates, editions),
        editions=editions,
        blank=Blanks(wording, fillable="fillable" in editions),
        # Only the handout is a letter from the clinic.
        letterhead=letterhead(plan.clinic) if is_handout else None,
        sheet=_sheet(plan, wording, "handout" if is_handout else page.partition(".")[0],
                     large="large-print" in editions),
        margins=margins,
        fields=_fields(plan, wording),
        picture=picture,
        tokens=tokens,
        face=tokens["face"],
        colours={"none": "none", **tokens},
        tight=tight,
        message_alone=MESSAGE_ALONE,
        last=TIGHTEST,
        sheets=fit.sheets,
        **_places(fit.plan),
        columns={
            tier: halves(flags) if tight >= STACKED else (flags,) for tier, flags in plan.red_flags.items()
        },
        chosen=_chosen(plan, wording),
        provenance=provenance(plan, wording),
        signed=signed_lines(plan, wording),
    )


def render_plan_pages(plan: Plan, wording: Wording, templates: Path, step: int) -> str:
    """Return only the HTML of the plan's own pages, with the parts that stay there in *step*."""
    page = _environment(templates).get_template("partials/plan-pages.html.j2")
    blank = Blanks(wording, fillable=False)
    return page.render(plan=plan, say=wording.say, blank=blank, editions=(), **_places(step))


def render_apart(page: str, wording: Wording, templates: Path, paper: str, **words: Any) -> str:
    """Return the template *page*, which shows no plan but *words*; its styles are named as it is."""
    name = page.partition(".")[0]
    return _environment(templates).get_template(page).render(
        say=wording.say, language=wording.language, size=_SIZES[paper],
        styles=_styles(templates, _LAYERS) + _styles(templates, (name,)), **words,
    )


def _places(step: int) -> dict[str, Any]:
    """Return what the partials need to know about where things stand."""
    moved, spacing = PLAN_STEPS[step]
    reasons = _ANSWERED if "reasons" in moved else ACTIONS
    return {"here": PARTS - moved, "spacing": spacing, "soon": SOON, "reasons_here": reasons}


@lru_cache
def _environment(templates: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters["blanks"] = _blanks
    environment.filters["css_text"] = _css_text
    return environment


@lru_cache
def _styles(templates: Path, names: tuple[str, ...]) -> Markup:
    """Return the style sheets *names*; the first one sets the order of the layers."""
    sheets = [(templates / "css" / f"{name}.css").read_text(encoding="utf-8") for name in names]
    order = "@layer tokens, page, type, components, theme;\n" if names == _LAYERS else "\n"
    return Markup(order + "\n".join(sheets))  # noqa: S704 - ours


def forget_styles() -> None:
    """Read the style sheets again for the next page: somebody is editing them."""
    _styles.cache_clear()


@pass_context
def _blanks(context: Context, text: str, about: str = "") -> Markup:
    """Return *text* with the page's own blanks in it."""
    blank: Blanks = context["blank"]
    return blank.in_text(text, about)


def _css_text(text: str) -> Markup:
    """Return *text* as a CSS string: everything but plain characters as an escape."""
    safe = "".join(
        # The space ends the escape; without it, the next one of the text would be taken for that.
        one if one.isalnum() or one in " .,:?()-" else f"\\{ord(one):06x} " for one in text
    )
    return Markup(f'"{safe}"')  # noqa: S704 - escaped above


def _sheet(plan: Plan, wording: Wording, kind: str, *, large: bool) -> dict[str, str]:
    """Return what stands in the margins of every page of a handout or of another *kind* of sheet."""
    clinic, patient = plan.clinic, plan.request.patient
    call = f"{wording.say('questions_call')} {clinic.phone or '_' * 16}"
    # Large print has no room for the hours in the margin; the number is what counts.
    hours = "" if large else clinic.phone_hours
    before, between = wording.say("page_of", page="\0", pages="\0").split("\0")[:2]
    name = patient.name if patient and patient.name else ""
    about = plan.title if kind == "handout" else wording.say(f"{kind}_title", intervention=plan.intervention)
    return {
        "title": about,
        "size": _SIZES[plan.request.paper or "letter"],
        "top_left": clinic.name or "",
        "top_right": f"{call}, {hours}" if hours else call,
        "bottom_left": " · ".join(filter(None, [name, about])),
        "page": before,
        "of": between,
    }


def _fields(plan: Plan, wording: Wording) -> tuple[tuple[str, str], ...]:
    patient = plan.request.patient
    return (
        (wording.say("name"), (patient and patient.name) or ""),
        (wording.say("date_of_birth"), (patient and patient.date_of_birth) or ""),
        (wording.say("procedure_day_field", called=plan.called), plan.date),
        (wording.say("arrive_at"), plan.request.arrive_at or ""),
    )


def _chosen(plan: Plan, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return what was asked for, as staff read it back."""
    request, nothing = plan.request, wording.say("staff_none")
    history = [
        f"{past.event} {past.on or '?'}{f' ({past.region})' if past.region else ''}"
        for past in request.history or ()
    ]
    factors = [one.id if one.status == "yes" else f"{one.id} = ?" for one in request.factors]
    return (
        *plan.chosen,
        (wording.say("staff_therapies"), ", ".join(one.title for one in plan.therapies) or nothing),
        (wording.say("staff_factors"), ", ".join(factors) or nothing),
        (wording.say("staff_history"), ", ".join(history) or nothing),
    )
