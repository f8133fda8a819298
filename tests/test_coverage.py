"""Tests of what the shipped plans say: each intervention with each option, alone and with therapies."""

import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product

import pytest

from careplan.content.clinic import Clinic
from careplan.content.fragments import Intervention
from careplan.content.library import Library
from careplan.content.resources import templates_folder
from careplan.content.validation import check_given
from careplan.content.wording import Wording
from careplan.planning.compose import compose
from careplan.planning.plan import Plan, Said
from careplan.planning.request import Request
from careplan.problems import UnsafePlanError
from careplan.render.html import render_html

_SECTIONS = (
    "what_it_is",
    "why",
    "may_help",
    "not_known",
    "how_it_is_done",
    "bring",
    "on_the_day",
    "what_to_expect",
    "flare",
    "common_effects",
    "risks",
    "other_choices",
    "questions",
)
_CORE_THERAPIES = ("physical-therapy", "psychotherapy", "chiropractic-care", "acupuncture", "massage-therapy")

# A sentence shorter than this may well be said twice: "Ask us first."
_LONG = 6
_SENTENCE = re.compile(r"(?<=[.?!])\s+")

_MEDICINE = (
    r"(?:medicines?|medications?|pills?|tablets?|drugs?|thinners?|opioids?|steroids?|aspirin|ibuprofen|"
    r"insulin|warfarin|heparin|antibiotics?)"
)
_CHANGE = re.compile(
    rf"\b(?:stop|skip|hold|restart|pause)(?:ping|s)?\b(?:\W+\w+){{0,5}}?\W+{_MEDICINE}\b", re.IGNORECASE
)
_NEGATED = re.compile(
    r"\b(?:never|do not|don't)\b(?:\W+\w+){0,3}?\W+(?:stop|skip|hold|restart|pause)", re.IGNORECASE
)
_THINNER_TIME = re.compile(
    r"(?=.*\bblood[ -]thin)(?=.*\b\d+ (?:to \d+ )?(?:hours?|days?|weeks?)\b)", re.IGNORECASE
)
_PROMISE = re.compile(r"\b(?:cur(?:e|es|ed|ing)|proven|guarantee(?:s|d)?)\b", re.IGNORECASE)
_CODE = re.compile(r"\b\d{5}\b")
_PLACEHOLDER = re.compile(r"[{}]|\bNone\b|\bTODO\b|UNCONFIRMED|____")


@dataclass(frozen=True)
class Handout:
    """One plan as it is printed; *name* is what was asked for."""

    name: str
    plan: Plan = field(repr=False)
    page: str = field(repr=False)

    @cached_property
    def words(self) -> str:
        """Return what is printed, without marks and styles; a line to write on is a space."""
        return _bare(self.page)

    @property
    def is_sure(self) -> bool:
        """Return whether no option was called unknown: what perhaps applies is said for each case."""
        return all("unknown" not in values for values in self.plan.request.options.values())

    @cached_property
    def items(self) -> tuple[Said, ...]:
        """Return every item that is printed, outside diaries."""
        plan = self.plan
        listed: list[Iterable[Said]] = [plan.first_steps, *plan.red_flags.values()]
        listed += [section.items for section in (*plan.conditions, *plan.procedure)]
        listed += [dated.items for dated in (*plan.getting_ready, *plan.after)]
        for therapy in plan.therapies:
            listed += [section.items for section in therapy.sections]
            listed += [phase.items for phase in therapy.phases]
        return tuple(item for items in listed for item in items)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Return every sentence that is said outside diaries, as often as it is said."""
        texts = [text for item in self.items for text in (item.title, item.text)]
        texts += [reason.sentence for reasons in self.plan.safety.reasons for reason in reasons.said]
        texts += [visit.text for visit in self.plan.appointments]
        return tuple(one for text in texts for one in _SENTENCE.split(text) if one)


@dataclass(frozen=True)
class Sweep:
    """All handouts that could be made, and the message of each request that a rule stopped."""

    handouts: tuple[Handout, ...] = field(repr=False)
    stopped: Mapping[str, str]

    def found(self, look: Callable[[Handout], Iterable[str]]) -> str:
        """Return what *look* finds, a line for each finding with the first handout that shows it."""
        first: dict[str, str] = {}
        for handout in self.handouts:
            for finding in look(handout):
                first.setdefault(finding, handout.name)
        return "\n".join(f"{name}: {finding}" for finding, name in first.items())


def _bare(page: str) -> str:
    page = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def _outside_diaries(page: str) -> str:
    return _bare(re.sub(r'<div class="diary">.*?</div>', " ", page, flags=re.DOTALL))


def _as_printed(text: str) -> str:
    return " ".join(re.sub("_{4,}", " ", text).split())


def _values(library: Library, intervention: Intervention) -> dict[str, tuple[str, ...]]:
    """Return the possible values of each option, "unknown" last."""
    named = {option.id: tuple(option.values) for option in library.vocabulary.options}
    return {
        option.id: (*(option.values or named[option.id]), *(() if option.must_be_known else ("unknown",)))
        for option in intervention.options
    }


def _asked(library: Library, intervention: Intervention) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Yield options and therapies: one option varied, then therapies for each required value."""
    values = _values(library, intervention)
    required = [option.id for option in intervention.options if option.default is None]
    first = {key: values[key][0] for key in required}
    for key, possible in values.items():
        for value in possible:
            yield first | {key: value}, ()
    for key in required:
        for value in values[key][:-1]:
            options = first | {key: value}
            yield options, _CORE_THERAPIES
            yield options, tuple(library.therapies)
            for therapy in library.therapies:
                yield options, (therapy,)


@pytest.fixture(scope="module")
def sweep(library: Library, wording: Wording, clinic: Clinic) -> Sweep:
    """Return the handouts of all interventions; each request is made without a date or with one."""
    dates = (dt.date(2026, 12, 3), None)
    handouts: list[Handout] = []
    stopped: dict[str, str] = {}
    for intervention in library.interventions.values():
        for number, (options, therapies) in enumerate(_asked(library, intervention)):
            name = " ".join((intervention.id, *(f"{key}={one}" for key, one in options.items()), *therapies))
            request = check_given(
                Request,
                {
                    "kind": "request",
                    "intervention": intervention.id,
                    "options": options,
                    "therapies": list(therapies),
                    "date": dates[number % 2],
                },
                name,
            )
            try:
                plan = compose(library, request, clinic, wording)
            except UnsafePlanError as error:
                stopped[name] = str(error)
                continue
            handouts.append(Handout(name, plan, render_html(plan, wording, templates_folder())))
    return Sweep(tuple(handouts), stopped)


def test_every_intervention_and_therapy_is_swept(library: Library, sweep: Sweep) -> None:
    """No intervention, option value or therapy of the library is left out."""
    swept = {
        (one.plan.request.intervention, key, value)
        for one in sweep.handouts
        for key, values in one.plan.request.options.items()
        for value in values
    }
    wanted = {
        (intervention.id, key, value)
        for intervention in library.interventions.values()
        for key, values in _values(library, intervention).items()
        for value in values
    }
    joined = {
        (one.plan.request.intervention, therapy.id)
        for one in sweep.handouts
        for therapy in one.plan.therapies
    }

    assert wanted - swept == set()
    assert set(product(library.interventions, library.therapies)) - joined == set()


def test_a_stopped_plan_names_its_rule(library: Library, sweep: Sweep) -> None:
    """Where a rule stops a plan, the message begins with the rule, and that rule blocks."""
    for name, message in sweep.stopped.items():
        for stop in re.split(r"\n(?!  )", message):
            rule = library.rules[stop.partition(":")[0]]
            assert rule.then.action == "block", name


def test_every_section_says_something(sweep: Sweep) -> None:
    """Each section that a patient needs is there, and what it says is on the page."""

    def missing(handout: Handout) -> Iterator[str]:
        plan = handout.plan
        parts = {name: plan.section(name) for name in _SECTIONS}
        parts["getting ready"] = tuple(item for dated in plan.getting_ready for item in dated.items)
        parts["after"] = tuple(item for dated in plan.after for item in dated.items)
        parts["first steps"] = plan.first_steps
        for name, items in parts.items():
            if not items:
                yield f"{name} is empty"
        for item in handout.items:
            if not item.text.strip() or _as_printed(item.text) not in handout.words:
                yield f"{item.id} is not printed"

    assert sweep.found(missing) == ""


def test_five_questions_are_answered(sweep: Sweep) -> None:
    """The five questions that every patient asks have an answer."""

    def miscounted(handout: Handout) -> Iterator[str]:
        answers = handout.plan.section("answers")
        questions = {answer.title for answer in answers if answer.title.endswith("?")}
        if len(questions) != 5 or (handout.is_sure and len(answers) != 5):
            yield ", ".join(answer.title for answer in answers)

    assert sweep.found(miscounted) == ""


def test_every_plan_has_a_diary_and_a_follow_up(sweep: Sweep) -> None:
    """There is something to write down and a contact after the procedure."""

    def without(handout: Handout) -> Iterator[str]:
        diaries = handout.plan.diaries
        if not diaries or not all(diary.rows and diary.how and diary.sample for diary in diaries):
            yield "no diary"
        if not any(visit.by_whom == "clinic" for visit in handout.plan.appointments):
            yield "no follow-up"

    assert sweep.found(without) == ""


def test_every_red_flag_of_a_fragment_is_printed_once(library: Library, sweep: Sweep) -> None:
    """Each tier has signs; no sign is listed twice or reads like another one."""

    def wrong(handout: Handout) -> Iterator[str]:
        flags = handout.plan.red_flags
        for tier, said in flags.items():
            if not said:
                yield f"no sign in tier {tier}"
        everyone = {flag.id for flag in library.red_flags.values() if flag.everyone and not flag.only}
        merged = [flag for said in flags.values() for flag in said]
        yield from everyone - {flag.id for flag in merged}
        yield from (one for one, count in Counter(flag.id for flag in merged).items() if count > 1)
        yield from (one for one, count in Counter(flag.text for flag in merged).items() if count > 1)

    assert sweep.found(wrong) == ""


def test_nothing_is_said_twice(sweep: Sweep) -> None:
    """No sentence of six or more words stands twice in one handout, outside diaries."""

    def twice(handout: Handout) -> Iterator[str]:
        sentences = handout.sentences if handout.is_sure else ()
        long = (one for one in sentences if len(one.split()) >= _LONG)
        return (sentence for sentence, count in Counter(long).items() if count > 1)

    assert sweep.found(twice) == ""


def test_no_placeholder_is_left(sweep: Sweep) -> None:
    """Every slot is filled, and every line to write on is drawn as a line."""

    def left(handout: Handout) -> Iterator[str]:
        words = _outside_diaries(re.sub(r"<svg.*?</svg>", " ", handout.page, flags=re.DOTALL))
        for found in _PLACEHOLDER.finditer(words):
            yield words[max(0, found.start() - 40) : found.end() + 40]

    assert sweep.found(left) == ""


def test_no_placeholder_is_left_in_the_timeline(sweep: Sweep) -> None:
    """The timeline in words, which large print shows, has no underscores to read out."""
    assert sweep.found(lambda handout: _PLACEHOLDER.findall(handout.plan.timeline.told)) == ""


@cache
def forbidden(sentence: str) -> tuple[str, ...]:
    """Return why *sentence* must not be said to a patient."""
    return tuple(
        why
        for why, is_said in (
            ("changes a medicine", _CHANGE.search(sentence) and not _NEGATED.search(sentence)),
            ("gives a time for a blood thinner", _THINNER_TIME.search(sentence)),
            ("promises", _PROMISE.search(sentence)),
            ("has a billing code", _CODE.search(sentence)),
        )
        if is_said
    )


def test_nothing_forbidden_is_said(sweep: Sweep) -> None:
    """No sentence changes a medicine, times a blood thinner, promises a result or names a code."""

    def said(handout: Handout) -> Iterator[str]:
        for sentence in handout.sentences:
            yield from (f"{why}: {sentence}" for why in forbidden(sentence))

    assert sweep.found(said) == ""


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Stop your blood thinner before you come.", "changes a medicine"),
        ("You may skip the morning pills.", "changes a medicine"),
        ("Restart your usual pain medicine on day 2.", "changes a medicine"),
        ("Your blood thinner waits for 5 days.", "gives a time for a blood thinner"),
        ("This shot is proven to work.", "promises"),
        ("Ask for 62323 at the desk.", "has a billing code"),
    ],
)
def test_forbidden_sentences_are_noticed(sentence: str, why: str) -> None:
    """The guard bites on each kind of sentence that must not be said."""
    assert forbidden(sentence) == (why,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Never stop a blood thinner on your own.",
        "Do not skip or stop any medicine without us.",
        "Stop if it hurts.",
        "Tell us about each blood thinner.",
    ],
)
def test_allowed_sentences_pass(sentence: str) -> None:
    """A warning against changing a medicine is no change, and exercise may be stopped."""
    assert forbidden(sentence) == ()
