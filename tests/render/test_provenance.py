"""What a file says about where its text comes from."""

import dataclasses
import json
from collections.abc import Callable
from io import BytesIO

import page
import pikepdf
import pytest

from careplan.content.resources import templates_folder
from careplan.content.wording import Wording
from careplan.planning.plan import Plan, Signature
from careplan.problems import OutputError
from careplan.render import render
from careplan.render.provenance import KEY, _record, joined_record, read_record, record_of, signed_lines

Make = Callable[..., Plan]
PATIENT = {"name": "Jordan Example", "date_of_birth": "May 1, 1970"}


@pytest.fixture(scope="module")
def plan(plan_for: Make) -> Plan:
    """Return a small plan for somebody with a name."""
    return plan_for(therapies=["yoga"], factors=["diabetes"], patient=PATIENT)


@pytest.fixture(scope="module")
def printed(plan: Plan, wording: Wording) -> bytes:
    """Return its handout."""
    return render(plan, "pdf", wording, templates_folder())


def pdf_with(written: str | None) -> bytes:
    """Return an empty PDF that says *written* about itself."""
    data = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if written is not None:
            document.docinfo[KEY] = written
        document.save(data)
    return data.getvalue()


def test_a_handout_keeps_which_texts_it_was_made_from(plan: Plan, printed: bytes) -> None:
    """Every fragment, rule file and shared list is kept with its version and fingerprint."""
    record = read_record(printed, "handout.pdf")

    assert record.plan == plan.fingerprint[:12]
    assert [one.name for one in record.texts] == [one.name for one in (*plan.origins, *plan.shared)]
    assert record.texts[0].version == plan.origins[0].version
    assert record.texts[0].fingerprint == plan.origins[0].fingerprint[:12]


def test_nothing_of_the_patient_is_kept(plan: Plan) -> None:
    """Neither a name nor a date of the patient is in what the file keeps."""
    assert not [word for word in ("Jordan", "1970", "2026-12-03", "Dec") if word in record_of(plan)]


@pytest.mark.parametrize("form", ["staff", "handoff"])
def test_sheets_keep_it_too(plan: Plan, wording: Wording, form: str) -> None:
    """Staff and hand-off sheets can be verified like the handout."""
    data = render(plan, form, wording, templates_folder())  # type: ignore[arg-type]

    assert read_record(data, "sheet.pdf").plan == plan.fingerprint[:12]
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []


def test_a_handout_that_keeps_it_is_valid_and_always_the_same(
    plan: Plan, printed: bytes, wording: Wording
) -> None:
    """PDF/UA holds, and the same plan gives the same bytes."""
    assert page.validate_pdf_bytes(printed, profile="ua1").failures == []
    assert render(plan, "pdf", wording, templates_folder()) == printed


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is no PDF file, or it is damaged"),
        (b"%PDF-1.7\nnothing follows", "is no PDF file, or it is damaged"),
        (pdf_with(None), "was not written by careplan"),
        (pdf_with("not json"), "does not say in a form"),
        (pdf_with("[1]"), "does not say in a form"),
        (pdf_with("[" * 5000), "does not say in a form"),
        (pdf_with(json.dumps({"careplan": 2, "plan": "0" * 12, "texts": []})), "does not say in a form"),
        (pdf_with(json.dumps({"careplan": 1, "plan": "0" * 12, "texts": []})), "does not say in a form"),
        (
            pdf_with(json.dumps({
                "careplan": 1, "plan": "0" * 12, "texts": [["therapy", "\x1b[2J", 1, "0" * 12, ""]],
            })),
            "does not say in a form",
        ),
    ],
)
def test_other_files_are_told_apart(data: bytes, sentence: str) -> None:
    """A file that careplan did not write, or that somebody tampered with, is named as such."""
    with pytest.raises(OutputError, match=sentence):
        read_record(data, "letter.pdf")


def test_a_locked_file_is_named_as_such() -> None:
    """A password keeps careplan from looking."""
    data = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(data, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(OutputError, match="locked with a password"):
        read_record(data.getvalue(), "letter.pdf")


@pytest.mark.parametrize(
    ("groups", "lines"),
    [
        (
            [Signature("", "", ("yoga 1",))],
            ["This text is a template. Your clinic has not approved it yet."],
        ),
        (
            [Signature("Dr. Example", "Nov 1, 2027", ("yoga 1", "tai-chi 1"))],
            ["Approved by Dr. Example until Nov 1, 2027."],
        ),
        (
            [Signature("Dr. Example", "Nov 1, 2027", ("yoga 1",)), Signature("", "", ("tai-chi 1",))],
            [
                "Approved by Dr. Example until Nov 1, 2027: yoga 1.",
                "Parts of this text are a template. Your clinic has not approved them yet: tai-chi 1.",
            ],
        ),
    ],
)
def test_the_last_page_says_who_stands_behind_the_text(
    plan: Plan, wording: Wording, groups: list[Signature], lines: list[str]
) -> None:
    """Who approved it until when is printed, or that it is a template."""
    signed = dataclasses.replace(plan, signatures=tuple(groups))

    assert list(signed_lines(signed, wording)) == lines
    html = render(signed, "html", wording, templates_folder()).decode()
    assert all(line in html for line in lines)


def test_a_file_of_several_handouts_keeps_all_their_texts(plan: Plan, plan_for: Callable[..., Plan]) -> None:
    """What a print file was made from can be verified like one handout: each text stands once."""
    other = plan_for(therapies=["yoga"])
    records = [record_of(plan), record_of(other), record_of(plan), "", "{"]

    joined = _record(joined_record(records))

    assert joined is not None
    names = [one.name for one in joined.texts]
    assert len(names) == len(set(names))
    assert set(joined.texts) == {
        text for record in records[:2] for text in _record(record).texts  # type: ignore[union-attr]
    }
    assert joined.plan not in (plan.fingerprint[:12], other.fingerprint[:12])
    assert joined_record([record_of(plan)] * 2) == record_of(plan)
    assert joined_record(["", "{"]) == ""
