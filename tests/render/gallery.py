"""The handouts and sheets that stand for all others when their look is tested."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from careplan.content.clinic import Asset, Letterhead, Theme
from careplan.content.logo import clean_logo
from careplan.render import Form

SEVEN = (
    "physical-therapy", "psychotherapy", "chiropractic-care", "acupuncture", "massage-therapy",
    "occupational-therapy-pacing", "yoga",
)
DEMO: Mapping[str, Any] = {
    "kind": "request",
    "intervention": "epidural-steroid-injection",
    "options": {"site": "lumbar"},
    "conditions": "sciatica",
    "therapies": ["physical-therapy", "psychotherapy", "acupuncture"],
    "date": dt.date(2026, 12, 3),
}
IMPLANT: Mapping[str, Any] = {
    "intervention": "spinal-cord-stimulation",
    "options": {"phase": "implant"},
    "conditions": "severe-chronic-pain",
    "therapies": ["physical-therapy", "psychotherapy"],
}
PUMP: Mapping[str, Any] = {
    "intervention": "intrathecal-pain-pump",
    "options": {"phase": "implant", "drug": "baclofen", "maker": "medtronic-synchromed"},
    "conditions": "severe-chronic-pain",
}
# Each procedure with options that bring much to say.
PROCEDURES: Mapping[str, Mapping[str, str]] = {
    "nerve-block": {"purpose": "treatment", "nerve": "stellate"},
    "epidural-steroid-injection": {"site": "cervical"},
    "radiofrequency-ablation": {"site": "cervical"},
    "facet-joint-injection": {"site": "cervical"},
    "trigger-point-injection": {"site": "upper-back"},
    "spinal-cord-stimulation": IMPLANT["options"],
    "intrathecal-pain-pump": PUMP["options"],
    "image-guided-injection": {"joint": "sacroiliac"},
}
UNDATED: Mapping[str, Any] = {"therapies": SEVEN, "conditions": "spinal-stenosis", "date": None}
# Three devices in one body and seven more facts: as much as rules can say at once.
FACTORS = (
    "diabetes", "anticoagulant", "osteoporosis", "stimulator-in-place", "pump-in-place", "pacemaker",
    "reduced-sensation", "spinal-fusion", "kidney-disease", "seizures",
)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><circle cx="15" cy="15" r="14" '
    b'fill="#0f4d2a"/><path d="M4 18c6-6 8-6 12 0" stroke="#ffffff" fill="none"/></svg>'
)


@dataclass(frozen=True)
class Picture:
    """One handout or sheet: its form, and how its request and clinic differ from the demo's."""

    form: Form = "pdf"
    request: Mapping[str, Any] = field(default_factory=dict)
    clinic: Mapping[str, Any] = field(default_factory=dict)


GALLERY: Mapping[str, Picture] = {
    "demo": Picture(),
    "undated": Picture(request={"date": None}),
    "diagnostic-block": Picture(request={
        "intervention": "nerve-block",
        "options": {"purpose": "diagnostic", "nerve": "medial-branch"},
        "conditions": "facet-arthritis",
    }),
    "ablation": Picture(request={
        "intervention": "radiofrequency-ablation", "options": {"site": "cervical"}, "conditions": "neck-pain",
    }),
    "stimulator-trial": Picture(request={**IMPLANT, "options": {"phase": "trial"}}),
    "stimulator-implant": Picture(request=IMPLANT),
    "pump-implant": Picture(request=PUMP),
    "seven-therapies": Picture(request=UNDATED),
    "no-therapies": Picture(request={"therapies": []}),
    "large-print": Picture(request={"large_print": True}),
    "a4": Picture(request={"paper": "a4"}),
    "ink-saver": Picture(request={"ink_saver": True}),
    "write-in": Picture(request={"write_in": True}),
    "letterhead": Picture(clinic={
        "address": "1 Example Road, Springfield",
        "after_hours_phone": "(555) 010-0199",
        "letterhead": Letterhead(logo=Asset("logo.svg", *clean_logo(LOGO, "svg"))),
        "theme": Theme(accent="#0f4d2a"),
    }),
    "hand-off": Picture("handoff", {"factors": ["diabetes"]}),
    "hand-off-full": Picture(
        "handoff", {"factors": FACTORS, "therapies": ["physical-therapy", "chiropractic-care"]},
    ),
    "staff": Picture("staff", {"factors": ["diabetes"]}),
    "card": Picture("card", IMPLANT),
}
