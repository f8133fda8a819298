"""What tests of every room share: a small library, the shipped one, and `--renew`."""

import gc
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings
from starter import CAN_COPY, Starter

from careplan.content.clinic import Clinic
from careplan.content.library import Library, load_library
from careplan.content.resources import plans_folder, templates_folder
from careplan.content.wording import Wording, load_wording

# The same examples on every run and computer, and nothing kept in the folder of the project.
settings.register_profile("careplan", database=None, deadline=None, derandomize=True)
settings.load_profile("careplan")

# A handout makes and drops very many objects; looking for lost ones so often takes a fifth of its time.
gc.set_threshold(100_000, 50, 50)

# Tests that run side by side ignore Ctrl+C, and the programs that they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A library that is complete and right, with as little in it as can be; a test varies one file.
SMALL: dict[str, str] = {
    "vocabulary.yaml": """\
kind: vocabulary
traits:
  - {id: needle, meaning: A needle goes in.}
  - {id: steroid, meaning: Steroid is injected.}
  - {id: sedation, meaning: Relaxing medicine is given.}
modalities:
  - {id: gentle-movement, meaning: Slow exercise., called: gentle exercise}
  - {id: stretching, meaning: Long holds., called: stretching}
  - {id: light-massage, meaning: Soft hands., called: light massage}
  - {id: heat, meaning: Packs and pads., called: heat packs}
regions:
  - {id: low-back, meaning: Lumbar spine.}
areas:
  - {id: needle-spot, meaning: Where the needle went in., called: the needle spot}
states:
  - {id: feeling-back, meaning: Nothing is numb., called: all feeling is back}
  - {id: wounds-healed, meaning: Wounds are closed., called: your wounds have healed}
events:
  - {id: steroid-injection, meaning: An injection with steroid.}
activities:
  - {id: mri, meaning: A scan in a strong magnet., called: a scan}
options:
  - id: site
    title: Where
    values: {lumbar: low back, thoracic: mid back}
  - id: relaxing
    title: Relaxing medicine
    values: {none: none, planned: planned}
    everywhere: true
""",
    "sources.yaml": """\
kind: sources
sources:
  - id: example-guideline-2020
    organisation: Example Society
    title: Guideline on back pain
    year: 2020
    address: https://example.org/guideline
""",
    "countries.yaml": """\
kind: countries
countries:
  US: {emergency: "911", crisis: call or text 988}
""",
    "red-flags.yaml": """\
kind: red-flags
red_flags:
  - id: chest-pain
    tier: emergency
    text: Chest pain
    everyone: true
    sources: [example-guideline-2020]
  - id: fever
    tier: today
    text: Fever of {fever} or more
    only: {traits: [needle]}
    sources: [example-guideline-2020]
  - id: still-sore
    tier: next-visit
    text: Sore for over 2 days
    basis: Common practice.
""",
    "interventions/back-injection.yaml": """\
kind: intervention
id: back-injection
title: Back injection
called: injection
summary: Medicine into the low back
options:
  - {id: site, values: [lumbar], default: lumbar}
traits:
  - needle
  - {id: sedation, only: {options: {relaxing: [planned]}}}
regions: [low-back]
why:
  - id: eases-pain
    text: It may ease the pain in your {option site}.
    sources: [example-guideline-2020]
getting_ready:
  - id: tell-medicines
    at: "-7 days"
    text: Tell us about your medicines. Call {phone}.
    sources: [example-guideline-2020]
after:
  - id: first-days
    title: The first days
    from: 0 days
    to: 3 days
    items:
      - id: no-bath
        text: No bath before {day 2}.
        basis: Common practice.
red_flags: [fever]
questions:
  - id: how-often
    text: How often can I have it?
follow_ups: [check-ups]
diaries:
  - id: pain-diary
    title: Pain diary
    how: Write a number from 0 to 10.
    every: 1 day
    until: 7 days
    columns: [Pain, Notes]
    sample: [Day 1, "6", Sore]
    basis: Common practice.
message:
  - id: message
    text: It may ease your pain for a time.
    sources: [example-guideline-2020]
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "therapies/walking-class.yaml": """\
kind: therapy
id: walking-class
title: Walking class
rank: 1
called: walking class
therapist: trainer
summary: Walk in a group
core: [gentle-movement]
techniques: [stretching]
starts: 1 day
counts_as_new: false
passive: false
why:
  - id: builds-strength
    text: Walking builds strength.
    sources: [example-guideline-2020]
phases:
  - id: gentle
    title: Gentle
    weeks: 2
    visits_per_week: 1
    needs: [gentle-movement]
    at_home:
      - id: short-walks
        text: Walk 5 minutes a day.
        basis: Common starting dose.
tell_your_therapist:
  - {id: tell-injection, text: Say that you had an injection., only: {traits: [needle]}}
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "therapies/massage.yaml": """\
kind: therapy
id: massage
title: Massage
rank: 2
called: massage
therapist: massage therapist
summary: Soft hands on sore muscles
core: [light-massage]
techniques: [heat]
starts: 3 days
counts_as_new: true
passive: true
why:
  - id: relaxes
    text: It relaxes muscles.
    sources: [example-guideline-2020]
phases:
  - id: weekly
    title: Weekly
    weeks: 4
    visits_per_week: 1
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "follow-ups/check-ups.yaml": """\
kind: follow-up
id: check-ups
title: Check-ups
visits:
  - id: first-call
    title: Call from our nurse
    short: Call
    contact: call
    at: business-day 1
    text: Tell the nurse how you feel.
    basis: Common practice.
  - id: review
    title: Review with us
    short: Review
    contact: visit
    at: 2 weeks
    window: ± 3 days
    after: first-call
    review: true
    text: We plan the next step.
    sources: [example-guideline-2020]
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "factors/blood-thinner.yaml": """\
kind: factor
id: blood-thinner
title: Blood thinner
meaning: Takes a blood thinner.
question: Do you take a blood thinner?
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "conditions/back-pain.yaml": """\
kind: condition
id: back-pain
title: Back pain
pain: pain in your low back
what_it_is:
  - id: what-it-is
    text: It is pain below the ribs.
    sources: [example-guideline-2020]
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "safety-rules/after-needle.yaml": """\
kind: safety-rules
id: after-needle
title: After a needle
rules:
  - id: r1-heat
    when: {traits: [needle], modalities: [heat]}
    then: {wait: 2 days}
    patient: Heat too soon can add swelling.
    staff: Clinics range from 1 to 3 days.
    basis: Common practice.
    confidence: medium
    sources: [example-guideline-2020]
  - id: r2-blood-thinner
    when: {factors: [blood-thinner], traits: [needle]}
    then: ask
    patient: A needle can bleed more with a blood thinner.
    staff: The prescriber decides.
    basis: Guideline.
    confidence: high
    sources: [example-guideline-2020]
review: {status: draft, version: 1, due: 2027-11-01}
""",
    "safety-rules/before-a-scan.yaml": """\
kind: safety-rules
id: before-a-scan
title: Before a scan
rules:
  - id: r3-scan
    when: {traits: [steroid, needle], planned: [mri]}
    then: {ask: true, until: wounds-healed}
    staff: The scanner warms the skin.
    basis: Common practice.
    confidence: low
  - id: r4-spot
    when: {traits: [needle], modalities: [heat]}
    then: {avoid-area: [needle-spot], until: feeling-back}
    staff: Skin that does not feel can burn.
    basis: Common practice.
    confidence: low
review: {status: draft, version: 1, due: 2027-11-01}
""",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one command that rewrites expected files; read them before committing."""
    parser.addoption("--renew", action="store_true", help="rewrite expected files with what comes out")


@pytest.fixture
def small() -> dict[str, str]:
    """Return a copy of the small library's texts, to vary one of them."""
    return dict(SMALL)


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    """Return whether expected files are to be rewritten."""
    return bool(request.config.getoption("--renew"))


def _written(texts: Mapping[str, str], folder: Path) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def plans(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Return a function that writes texts by relative path below `plans` and returns that folder."""
    return lambda texts: _written(texts, tmp_path / "plans")


@pytest.fixture(scope="session")
def small_plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small library, in which nobody changes a file."""
    return _written(SMALL, tmp_path_factory.mktemp("small") / "plans")


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the shipped library."""
    return load_library(plans_folder())


@pytest.fixture(scope="session")
def wording() -> Wording:
    """Return the English words of a handout."""
    return load_wording(templates_folder(), "en")


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    """Return an invented clinic with a phone."""
    return Clinic(
        kind="clinic",
        name="Riverside Pain Center",
        phone="(555) 010-0142",
        phone_hours="any time",
    )


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter | None]:
    """Return what starts `careplan` quickly, where the system can do it."""
    if not CAN_COPY:
        yield None
        return
    started = Starter()
    yield started
    started.close()
