"""`careplan approve`, what it does to a build, and what lapses soon."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ran import Ran

Run = Callable[..., Ran]
TODAY = {"CAREPLAN_TODAY": "2026-11-22"}
SIGN = ("--by", "Dr. Example", "--until", "2027-10-31")
BUILD = ("build", "trigger-point-injection", "--option", "site=low-back", "-d", "2026-12-03")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a clinic's folder."""
    (tmp_path / "clinic.yaml").write_text("kind: clinic\nname: Riverside Pain Center\n", encoding="utf-8")
    return tmp_path


def kept(house: Path) -> str:
    """Return the clinic's signatures as they stand in the file."""
    return (house / "approvals.yaml").read_text(encoding="utf-8")


def test_a_text_is_signed_in_one_line(careplan: Run, house: Path) -> None:
    """The signature is one line with name, role, days, version and fingerprint, for all to read."""
    ran = careplan("approve", "massage-therapy", *SIGN, "--role", "pharmacist", "--yes", **TODAY)

    assert (ran.code, ran.out) == (0, "approvals.yaml\n")
    assert "therapy/massage-therapy: Massage therapy, version 1" in ran.err
    assert "never signed; to be approved until 2027-10-31" in ran.err
    assert re.search(
        r'^  - \{fragment: therapy/massage-therapy, by: "Dr. Example", role: "pharmacist", on: 2026-11-22, '
        r'until: 2027-10-31, version: 1, fingerprint: "[0-9a-f]{64}"\}$',
        kept(house),
        re.MULTILINE,
    )
    assert careplan("check", "approvals.yaml").code == 0
    if os.name != "nt":
        assert (house / "approvals.yaml").stat().st_mode & 0o044


def test_signatures_keep_the_order_of_their_texts(careplan: Run, house: Path) -> None:
    """Signing in another order gives the same file, and signing again replaces."""
    careplan("approve", "yoga", "therapy/acupuncture", *SIGN, "--yes", **TODAY)
    first = kept(house)
    careplan("approve", "acupuncture", *SIGN, "--yes", **TODAY)

    assert kept(house) == first
    assert first.index("therapy/acupuncture") < first.index("therapy/yoga")


def test_a_name_may_hold_anything(careplan: Run, house: Path) -> None:
    """Quotes, braces and accents in a name come back as they were given."""
    name = 'Dr. "Zoë" {O\'Neil}: #1, MD'

    careplan("approve", "yoga", "--by", name, "--until", "2027-10-31", "--yes", **TODAY)

    assert careplan("check", "approvals.yaml").code == 0
    assert name in careplan("check", "--due", "400d", **TODAY).out
    assert house.is_dir()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("yoga", *SIGN), "give --yes to sign"),
        (("yoga", "--by", "A", "--yes"), "needs --by NAME and --until"),
        (("yoga", "--until", "2027-10-31", "--yes"), "needs --by NAME and --until"),
        (("yoga", "--by", " ", "--until", "2027-10-31", "--yes"), "needs --by NAME and --until"),
        (("yoga", "--by", "A", "--until", "next year", "--yes"), "--until must be a day that exists"),
        (("yoga", "--by", "A", "--until", "2026-11-21", "--yes"), "is over already"),
        (("yoga", "--by", "A", "--until", "2028-11-23", "--yes"), "may be 2028-11-22 at the latest"),
        (("yoga", *SIGN, "--on", "2026-11-23", "--yes"), "has not come yet"),
        (("yga", *SIGN, "--yes"), "did you mean 'yoga'?"),
        (("../yoga", *SIGN, "--yes"), "There is no text '../yoga' to sign"),
        ((*SIGN, "--yes"), "Name the texts to sign"),
        (("yoga", "--all", *SIGN, "--yes"), "Name the texts to sign"),
        (("yoga", "--withdraw"), "There is no text 'yoga'"),
        (("--withdraw",), "Name the approvals to withdraw"),
    ],
)
def test_a_doubtful_signature_is_refused(
    careplan: Run, house: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    """Nothing is signed without a person, in advance, for too long, or under a wrong name."""
    ran = careplan("approve", *arguments, **TODAY)

    assert ran.code == 2
    assert sentence in ran.err
    assert not (house / "approvals.yaml").exists()


def test_a_signature_ends_with_the_review_at_the_latest(careplan: Run, house: Path) -> None:
    """A text that is to be reviewed earlier is approved until that day only, and this is said."""
    ran = careplan("approve", "yoga", "--by", "A", "--until", "2028-01-31", "--yes", **TODAY)

    assert "to be approved until 2027-11-01, the day of its review" in ran.err
    assert "until: 2027-11-01" in kept(house)


def test_an_overdue_text_is_not_signed(careplan: Run, house: Path) -> None:
    """A text whose review is overdue is looked through before anybody signs it."""
    ran = careplan(
        "approve", "yoga", "--by", "A", "--until", "2028-12-31", "--yes", CAREPLAN_TODAY="2028-01-01"
    )

    assert ran.code == 2
    assert "therapy/yoga was to be reviewed by 2027-11-01" in ran.err
    assert not (house / "approvals.yaml").exists()


def test_outside_a_clinics_folder_nothing_is_signed(careplan: Run, tmp_path: Path) -> None:
    """Signatures belong to a clinic, so there must be one."""
    ran = careplan("approve", "yoga", *SIGN, "--yes", **TODAY)

    assert ran.code == 2
    assert "Approvals are kept in the clinic's folder" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_signature_is_taken_back(careplan: Run, house: Path) -> None:
    """A withdrawn approval is gone from the file, and the others stay."""
    careplan("approve", "yoga", "tai-chi", *SIGN, "--yes", **TODAY)

    ran = careplan("approve", "yoga", "--withdraw")

    assert ran.code == 0
    assert "therapy/yoga: no longer approved" in ran.err
    assert "yoga" not in kept(house)
    assert "tai-chi" in kept(house)
    assert not (house / "signed/therapy/yoga.json").exists()


def test_what_changed_since_the_last_signature_is_shown(careplan: Run, house: Path) -> None:
    """Who signs again sees word by word what is other than it was."""
    careplan("approve", "yoga", *SIGN, "--yes", **TODAY)
    copy = house / "signed/therapy/yoga.json"
    kept_copy = json.loads(copy.read_text(encoding="utf-8"))
    old = "0" * 64
    (house / "approvals.yaml").write_text(
        kept(house).replace(kept_copy["fingerprint"], old), encoding="utf-8"
    )
    kept_copy["text"]["title"] = "Yoga classes"
    copy.write_text(json.dumps({**kept_copy, "fingerprint": old}), encoding="utf-8")

    ran = careplan("approve", "yoga", *SIGN, "--yes", **TODAY)

    assert "changed since Dr. Example signed it on 2026-11-22" in ran.err
    assert "~ title: Yoga [-classes-]" in ran.err


def test_only_approved_texts_are_printed_where_the_clinic_says_so(careplan: Run, house: Path) -> None:
    """The build stops with what to sign and how; signed, it prints who approved it until when."""
    (house / "careplan.toml").write_text("require_approval = true\n", encoding="utf-8")

    refused = careplan(*BUILD, "--save", "request.yaml", "-o", "a.pdf", **TODAY)
    dry = careplan(*BUILD, "--dry-run", "--save", "request.yaml", **TODAY)

    assert (refused.code, dry.code) == (4, 4)
    assert "intervention/trigger-point-injection: never signed" in refused.err
    command = next(line for line in refused.err.splitlines() if line.startswith("  careplan approve "))
    assert command.endswith(" --by NAME --until YYYY-MM-DD")
    assert command in dry.err
    assert not (house / "a.pdf").exists()

    signed = careplan("approve", "--for", "request.yaml", *SIGN, "--yes", **TODAY)
    built = careplan(*BUILD, "-f", "html", "-o", "a.html", **TODAY)
    again = careplan("approve", "--for", "request.yaml", *SIGN, "--yes", **TODAY)
    later = careplan(*BUILD, "-f", "html", "-o", "b.html", CAREPLAN_TODAY="2027-11-01")

    assert (signed.code, built.code, again.code, later.code) == (0, 0, 0, 4)
    assert "Approved by Dr. Example until Oct 31, 2027." in (house / "a.html").read_text(encoding="utf-8")
    assert "Nothing is left to sign" in again.err
    assert "red-flags: the approval by Dr. Example ended on 2027-10-31" in later.err
    assert not (house / "b.html").exists()


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("careplan.toml", "require_approval = 1\n", "require_approval must be true or false"),
        ("careplan.toml", "require_approval = yes\n", "careplan.toml:1:20: error: This is not readable"),
        ("approvals.yaml", "kind: approvals\naprovals: []\n", "did you mean 'approvals'?"),
        ("approvals.yaml", "kind: clinic\n", "kind must be one of approvals"),
    ],
)
def test_a_wrong_file_stops_the_build(careplan: Run, house: Path, name: str, text: str, shown: str) -> None:
    """What is wrong with signatures or settings is shown before anything is printed."""
    (house / name).write_text(text, encoding="utf-8")

    ran = careplan(*BUILD, "-o", "a.pdf", **TODAY)

    assert ran.code == 3
    assert shown in ran.err
    assert not (house / "a.pdf").exists()


def test_check_says_what_lapses_soon(careplan: Run, house: Path) -> None:
    """Approvals and reviews are listed by their day; --strict makes them count."""
    careplan("approve", "yoga", "--by", "Dr. Example", "--until", "2026-12-31", "--yes", **TODAY)

    soon = careplan("check", "--due", "60d", **TODAY)
    strict = careplan("check", "--due", "6 weeks", "--strict", **TODAY)
    none = careplan("check", "--due", "1m", "--strict", **TODAY)
    wrong = careplan("check", "--due", "soon", **TODAY)

    assert (soon.code, soon.out) == (0, "2026-12-31  therapy/yoga: the approval by Dr. Example ends\n")
    assert (strict.code, none.code, wrong.code) == (3, 0, 2)
    assert none.out == ""
    assert "write a time such as 60d" in wrong.err
    assert house.is_dir()


def test_a_wrong_day_in_the_environment_is_named(careplan: Run, house: Path) -> None:
    """CAREPLAN_TODAY must be a day."""
    ran = careplan("check", "--due", "60d", CAREPLAN_TODAY="yesterday")

    assert ran.code == 2
    assert "CAREPLAN_TODAY must be a day that exists" in ran.err
    assert house.is_dir()
