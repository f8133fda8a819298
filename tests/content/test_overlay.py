"""Tests of laying a clinic's fragments over ours."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.content.library import Library, check_library, load_library
from careplan.content.strictness import order
from careplan.problems import FragmentError

Small = dict[str, str]
Plans = Callable[[Mapping[str, str]], Path]
Lay = Callable[..., Library]
Found = Callable[..., list[str]]

OURS = """\
kind: safety-rules
id: ours
rules: [{id: r1-heat, extends: r1-heat, then: {wait: 5 days}}]
"""
SIGNED = "by: Dr. Example\nreason: Our own policy.\n"


def write(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write a clinic's folder and return it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def lay(plans: Plans, small: Small, tmp_path: Path) -> Lay:
    """Return a function that lays a clinic's files over the small library."""
    return lambda texts: load_library(plans(small), write(tmp_path / "clinic", texts))


@pytest.fixture
def found(plans: Plans, small: Small, tmp_path: Path) -> Found:
    """Return a function that returns the problems of a clinic's files, without the folder's name."""

    def look(texts: Mapping[str, str]) -> list[str]:
        clinic = write(tmp_path / "clinic", texts)
        problems = check_library(plans(small), clinic_folder=clinic)
        return [str(problem).replace(f"{clinic}/", "") for problem in problems]

    return look


def massage(text: str, name: str = "massage", extends: str = "massage") -> dict[str, str]:
    """Return a clinic's file that extends massage."""
    return {f"therapies/{name}.yaml": f"kind: therapy\nid: {name}\nextends: {extends}\n{text}"}


def theme(text: str) -> dict[str, str]:
    """Return a clinic's file that changes the rules after a needle."""
    head = "kind: safety-rules\nid: after-needle\nextends: after-needle\n"
    return {"safety-rules/after-needle.yaml": head + text}


def shot(text: str) -> dict[str, str]:
    """Return a clinic's file that changes the back injection."""
    head = "kind: intervention\nid: back-injection\nextends: back-injection\n"
    return {"interventions/back-injection.yaml": head + text}


def rule(text: str, name: str = "r1-heat") -> dict[str, str]:
    """Return a clinic's file that changes one rule."""
    return {f"safety-rules/{name}.yaml": f"kind: safety-rule\nid: {name}\nextends: {name}\n{text}"}


def test_a_field_is_replaced_and_the_rest_stays(lay: Lay) -> None:
    """A file names only what it changes."""
    therapy = lay(massage("title: Massage with us\ntechniques: [heat, stretching]\n")).therapies["massage"]

    assert (therapy.title, therapy.called, therapy.techniques) == (
        "Massage with us",
        "massage",
        ("heat", "stretching"),
    )
    assert [item.id for item in therapy.why] == ["relaxes"]


def test_an_item_is_changed_by_its_id(lay: Lay) -> None:
    """An entry with a known id replaces the fields that it names, however deep it stands."""
    period = "after:\n  - id: first-days\n    items: [{id: no-bath, text: No bath for 3 days.}]\n"

    (after,) = lay(shot(period)).interventions["back-injection"].after

    assert (after.title, after.end.days) == ("The first days", 3)
    assert [(item.text, item.basis) for item in after.items] == [("No bath for 3 days.", "Common practice.")]


def test_an_item_is_added_where_the_author_wants_it(lay: Lay) -> None:
    """A new id goes to the end, or beside the id that `before` or `after` names; known ones move."""
    item = '{{id: {}, text: "Ask us.", basis: Ours.{}}}'.format
    texts = shot(
        "why:\n"
        + "".join(
            f"  - {one}\n"
            for one in (
                item("last", ""), item("first", ", before: eases-pain"), item("second", ", after: first"),
            )
        )
    )

    assert [one.id for one in lay(texts).interventions["back-injection"].why] == [
        "first",
        "second",
        "eases-pain",
        "last",
    ]


def test_a_visit_may_still_count_from_another(lay: Lay) -> None:
    """In a follow-up `after` is what a visit counts from, and a new visit is put behind that one."""
    visit = (
        "visits:\n  - {id: second-call, title: Call, short: Call, contact: call, at: 3 days, "
        "after: first-call, text: Tell us., basis: Ours.}\n"
    )
    texts = {"follow-ups/check-ups.yaml": f"kind: follow-up\nid: check-ups\nextends: check-ups\n{visit}"}

    visits = lay(texts).follow_ups["check-ups"].visits

    assert [(one.id, one.after) for one in visits] == [
        ("first-call", None),
        ("second-call", "first-call"),
        ("review", "first-call"),
    ]


@pytest.mark.parametrize("text", ["questions: [{id: how-often, drop: true}]\n", "drop: [how-often]\n"])
def test_an_item_is_dropped(text: str, lay: Lay) -> None:
    """An item goes by its own entry, or by a list of ids at the top."""
    library = lay(shot(text))

    assert library.interventions["back-injection"].questions == ()
    assert [str(one) for one in library.origins["intervention/back-injection"].changes] == [
        "dropped questions: how-often"
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (shot("drop: [how-offen]\n"), "4:8: error: There is no item 'how-offen' to drop; did you mean 'how-"),
        (shot("questions: [{id: how-offen, drop: true}]\n"), "4:18: error: There is no item 'how-offen' to"),
        (shot("questions: [{id: a, text: Why?, before: how-offen}]\n"), "4:41: error: There is no item 'how"),
        (shot("questions: [{id: how-offen, text: Why?, basis: No.}]\n"), "4:18: error: There is no item 'ho"),
        (shot("questions: [{id: how-often, drop: 1}]\n"), "4:35: error: To drop an item write its id and"),
        (shot("drop: how-often\n"), "4:7: error: drop must be a list of item ids"),
        (shot("titel: Shot\n"), "4:1: error: titel is not a field here; did you mean 'title'?"),
        (shot("why: [{id: eases-pain, sources: [nobody]}]\n"), "4:34: error: 'nobody' is not a known source"),
        (shot("why: [{id: new-one}]\n"), "4:7: error: why[2] needs 'text'."),
        (massage("starts: soon\n"), "4:9: error: starts must be a number of days"),
        (massage("", extends="masage"), "3:10: error: There is no therapy 'masage' to extend; did you mean"),
        (massage("", "our-massage", "our-massage"), "3:10: error: There is no therapy 'our-massage' to ext"),
        ({"therapies/a.yaml": "kind: terapy\nid: a\nextends: massage\n"}, "1:7: error: kind must be one of"),
        ({"therapies/a.yaml": "kind: [therapy]\nid: a\nextends: massage\n"}, "1:7: error: kind must be"),
        (massage("", "our-massage", "[a]"), "3:10: error: What extends another needs 'kind', its own 'id'"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_in_the_clinics_file(texts: Small, expected: str, found: Found) -> None:
    """Names that lead nowhere and wrong values have their place in the file that says them."""
    (problem,) = found(texts)

    assert problem.partition("yaml:")[2].startswith(expected)


def test_a_mistake_of_ours_is_shown_in_ours(small: Small, found: Found) -> None:
    """What the clinic did not touch keeps its place in our file, beside what it did."""
    small["therapies/massage.yaml"] = small["therapies/massage.yaml"].replace("[heat]", "[heet]")

    problems = found(massage("title: Our massage\ncore: [light-massagge]\n" + SIGNED))

    assert sorted(problem.partition(": error")[0] for problem in problems) == [
        "plans/therapies/massage.yaml:9:14",
        "therapies/massage.yaml:5:8",
    ]


def test_the_line_is_that_of_the_right_file(plans: Plans, small: Small, tmp_path: Path) -> None:
    """The caret stands under what the clinic wrote."""
    clinic = write(tmp_path / "clinic", massage("starts: soon\n"))

    (problem,) = check_library(plans(small), clinic_folder=clinic)

    assert problem.excerpt == "starts: soon"


def test_ours_is_not_replaced_by_accident(found: Found, small: Small) -> None:
    """The same id without `extends` is a problem that says what to write."""
    (problem,) = found({"therapies/massage.yaml": small["therapies/massage.yaml"]})

    assert problem == (
        "therapies/massage.yaml:2:5: error: The id 'massage' is taken already, in "
        "plans/therapies/massage.yaml; to change what stands there write 'extends: massage', or choose "
        "another id. [duplicate-id]"
    )


def test_a_clinics_own_fragment_is_added(lay: Lay, small: Small) -> None:
    """A new id without `extends` is one more fragment."""
    text = small["therapies/massage.yaml"].replace("id: massage", "id: our-massage")

    library = lay({"therapies/our-massage.yaml": text})

    assert list(library.therapies) == ["massage", "walking-class", "our-massage"]
    whose = [library.where_from("therapy", name) for name in library.therapies]
    assert whose == ["built-in", "built-in", "clinic"]


def test_fragments_extend_each_other_one_after_the_other(lay: Lay) -> None:
    """A new fragment is made from ours as the clinic changed it, and another from that one."""
    texts = {
        **massage("title: Knot class\n", "aa-knots", "our-massage"),
        **massage("called: our massage\n", "our-massage"),
        **massage("summary: Changed\n"),
    }

    library = lay(texts)

    knots = library.therapies["aa-knots"]
    assert (knots.title, knots.called, knots.summary) == ("Knot class", "our massage", "Changed")
    assert library.therapies["massage"].title == "Massage"
    assert library.made_from["therapy/aa-knots"] == {"our-massage", "massage"}
    assert {library.where_from("therapy", name) for name in ("aa-knots", "our-massage", "massage")} == {
        "clinic, from built-in"
    }


def test_a_circle_is_a_problem(found: Found) -> None:
    """Two fragments that extend each other have no beginning."""
    problems = found({**massage("", "one", "two"), **massage("", "two", "one")})

    assert "'one' extends itself, by way of others. [extends-itself]" in problems[0]


def test_words_and_sources_can_be_added(lay: Lay) -> None:
    """Lists of words and publications are extended by their kind."""
    study = "{id: our-study, organisation: We, title: Study, address: At the desk}"
    texts = {
        "sources.yaml": f"kind: sources\nextends: sources\nsources: [{study}]\n",
        **massage("why: [{id: relaxes, sources: [our-study]}]\n"),
    }

    library = lay(texts)

    assert list(library.references) == ["example-guideline-2020", "our-study"]
    assert library.therapies["massage"].why[0].sources == ("our-study",)


def test_a_fingerprint_depends_on_both_texts(lay: Lay, small: Small) -> None:
    """The changed fragment has another fingerprint whenever ours or the clinic's text is another."""
    before = lay({}).fingerprint("therapy", "massage")
    changed = lay(massage("title: A\n")).fingerprint("therapy", "massage")
    again = lay(massage("title: B\n")).fingerprint("therapy", "massage")
    small["therapies/massage.yaml"] += "# ours moved\n"
    moved = lay(massage("title: B\n")).fingerprint("therapy", "massage")

    assert len({before, changed, again, moved}) == 4


def test_an_approval_does_not_outlive_a_change(lay: Lay, small: Small) -> None:
    """What somebody signed is a draft again when the clinic changes it without signing."""
    signed = "{status: approved, version: 3, due: 2027-11-01, by: Dr. Example, on: 2026-01-01}"
    file = "therapies/massage.yaml"
    small[file] = small[file].replace("{status: draft, version: 1, due: 2027-11-01}", signed)

    review = lay(massage("title: A\n")).therapies["massage"].review

    assert (review.status, review.by, review.version) == ("draft", None, 3)


@pytest.mark.parametrize(
    "texts",
    [
        rule("then: {wait: 5 days}\n"),
        {"safety-rules/ours.yaml": OURS},
        theme("rules: [{id: r1-heat, then: {wait: 5 days}}]\n"),
    ],
)
def test_a_rule_is_made_stricter_freely(texts: Small, lay: Lay) -> None:
    """In a file of its own, in a list, or with its theme, a stricter rule needs nobody's name."""
    library = lay(texts)

    changed = library.rules["r1-heat"]
    assert changed.then.wait is not None
    assert (changed.then.wait.days, changed.patient) == (5, "Heat too soon can add swelling.")
    assert (list(library.rules), library.loosened) == (
        ["r1-heat", "r2-blood-thinner", "r3-scan", "r4-spot"],
        (),
    )
    assert [library.where_from("safety-rule", name) for name in ("r1-heat", "r2-blood-thinner")] == [
        "clinic, from built-in",
        "built-in",
    ]


@pytest.mark.parametrize("text", ["then: {wait: 1 day}\n", "drop: true\n", "patient: null\n", "then: info\n"])
def test_a_rule_is_loosened_only_by_somebody(text: str, lay: Lay, found: Found) -> None:
    """A looser or dropped rule is a problem without a name and a reason, and is told with them."""
    (problem,) = found(rule(text))
    (partly,) = found(rule(text + "by: Dr. Example\n"))

    (loosened,) = lay(rule(text + SIGNED)).loosened

    assert problem.endswith("[loosened-without-reason]")
    assert partly == problem
    assert problem.startswith("safety-rules/r1-heat.yaml:4:")
    assert (loosened.id, loosened.by, loosened.reason) == ("r1-heat", "Dr. Example", "Our own policy.")
    assert loosened.rule is not None
    assert loosened.rule.then.wait is not None


def test_a_rule_in_a_list_says_who_stands_behind_it(lay: Lay) -> None:
    """The name stands beside the rule, or once for the whole file."""
    beside = "rules: [{id: r1-heat, drop: true, by: Dr. A, reason: A.}]\n"

    for text in (beside, "drop: [r1-heat]\nby: Dr. A\nreason: A.\n"):
        library = lay(theme(text))

        assert "r1-heat" not in library.rules
        assert [(one.id, one.weaker, one.by) for one in library.loosened] == [("r1-heat", (), "Dr. A")]


def test_a_floor_stays(small: Small, found: Found) -> None:
    """Even with a name and a reason, what nobody can allow before a day stays so."""
    file = "safety-rules/after-needle.yaml"
    small[file] = small[file].replace("{wait: 2 days}", "{wait: 2 days, never_before: 2 days}")

    for text in ("then: {wait: 2 days}\n", "drop: true\n", "when: {traits: [steroid]}\n"):
        assert "below-floor" in found(rule(text + SIGNED))[-1]
    assert found(rule("then: {wait: 9 days, never_before: 3 days}\n")) == []


def test_a_sign_or_trait_is_dropped_only_by_somebody(lay: Lay, found: Found) -> None:
    """Fewer signs to watch for, or a trait that rules go by, count as loosening too."""
    for text in ("red_flags: [{id: fever, drop: true}]\n", "drop: [needle]\n"):
        (problem,) = found(shot(text))
        library = lay(shot(text + SIGNED))

        assert "less strict" in problem
        assert [(one.kind, one.id) for one in library.loosened] == [("intervention", "back-injection")]
    beside = "red_flags: [{id: fever, drop: true, by: Dr. A, reason: A.}]\n"
    assert [one.by for one in lay(shot(beside)).loosened] == ["Dr. A"]


def test_a_copy_keeps_what_safety_rests_on(found: Found) -> None:
    """A fragment made from ours under another id cannot lose signs or techniques silently."""
    problems = found(massage("techniques: []\n", "our-massage"))

    assert [problem.rpartition("[")[2] for problem in problems] == ["loosened-without-reason]"]


def test_a_sign_of_the_catalogue_is_made_milder_only_by_somebody(lay: Lay, found: Found) -> None:
    """A later tier for a sign is told; an earlier one is free."""
    text = "kind: red-flags\nextends: red-flags\nred_flags: [{{id: fever, tier: {}}}]\n".format

    assert found({"red-flags.yaml": text("emergency")}) == []
    assert "loosened-without-reason" in found({"red-flags.yaml": text("next-visit")})[0]
    (loosened,) = lay({"red-flags.yaml": text("next-visit") + SIGNED}).loosened
    assert [(one.field, one.base, one.own) for one in loosened.weaker] == [("tier", "today", "next-visit")]


def test_a_factor_is_changed_under_its_own_id(found: Found) -> None:
    """Rules ask for a factor by its id, so a copy of it would be asked for by no rule."""
    text = "kind: factor\nid: our-thinner\nextends: blood-thinner\n"

    assert "Safety rules ask for a factor by its id" in found({"factors/our-thinner.yaml": text})[0]


def test_files_that_do_not_count_are_told(found: Found, tmp_path: Path) -> None:
    """A link out of the folder is refused, and a name that only nearly ends in .yaml is noticed."""
    outside = write(tmp_path, {"elsewhere.yaml": "kind: therapy\n"}) / "elsewhere.yaml"
    clinic = write(tmp_path / "clinic", {"therapies/massage.yml": "kind: therapy\n"})
    (clinic / "safety-rules").symlink_to(tmp_path)
    (clinic / "therapies" / "linked.yaml").symlink_to(outside)

    codes = [problem.rpartition("[")[2] for problem in found({})]

    assert sorted(codes) == ["not-yaml-file]", "outside-folder]", "outside-folder]"]


def test_other_files_of_the_clinic_are_no_fragments(found: Found) -> None:
    """What lies beside the folders of fragments is left alone, approvals and upstream texts too."""
    wrong = "kind: nothing\n"

    assert found({"approvals.yaml": wrong, "upstream/therapies/a.yaml": wrong, "notes.yaml": wrong}) == []


changes = st.dictionaries(
    st.sampled_from(["r1-heat", "r2-blood-thinner", "r3-scan", "r4-spot"]),
    st.one_of(
        st.just({"drop": True}),
        st.fixed_dictionaries(
            {},
            optional={
                "then": st.sampled_from(["block", "ask", "info", {"wait": "1 day"}, {"wait": "9 days"}]),
                "when": st.sampled_from([{"traits": ["steroid"]}, {"modalities": ["heat"]}]),
                "patient": st.sampled_from([None, "Because."]),
            },
        ),
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(patches=changes, signed=st.booleans())
def test_no_rule_is_lost_or_loosened_without_a_word(
    plans: Plans, small: Small, tmp_path: Path, patches: dict[str, Any], *, signed: bool
) -> None:
    """Each rule of ours is there and as strict as before, or is told with a name and a reason."""
    folder = tmp_path / "clinic"
    for file in folder.glob("safety-rules/*"):
        file.unlink()
    who = {"by": "Dr. Example", "reason": "Policy."} if signed else {}
    for name, patch in patches.items():
        text = json.dumps({"kind": "safety-rule", "id": name, "extends": name, **who, **patch})
        write(folder, {f"safety-rules/{name}.yaml": text})
    ours = load_library(plans(small)).rules
    folder.mkdir(exist_ok=True)

    problems = check_library(plans(small), clinic_folder=folder)
    unsigned = [problem for problem in problems if problem.code == "loosened-without-reason"]
    if unsigned:
        assert not signed
        with pytest.raises(FragmentError):
            load_library(plans(small), folder)
        return

    library = load_library(plans(small), folder)
    told = {one.id for one in library.loosened}
    weaker = {
        name for name, base in ours.items()
        if name not in library.rules or order(library.rules[name], base) in {"looser", "unclear"}
    }
    assert told == weaker <= patches.keys()


def test_a_rule_is_made_from_ours_and_from_the_clinics(lay: Lay) -> None:
    """A rule under another id is one more rule, with what ours says where it says nothing."""
    made = "kind: safety-rule\nid: {}\nextends: {}\nthen: {}\n".format
    texts = {
        "safety-rules/our-cold.yaml": made("our-cold", "r1-heat", "{wait: 1 day}"),
        "safety-rules/zz-cold.yaml": made("zz-cold", "our-cold", "caution"),
    }

    library = lay(texts)

    assert library.loosened == ()
    assert [library.rules[name].then.action for name in ("r1-heat", "our-cold", "zz-cold")] == [
        "wait",
        "wait",
        "caution",
    ]
    assert library.rules["zz-cold"].patient == library.rules["r1-heat"].patient


def test_what_was_dropped_cannot_be_extended(found: Found) -> None:
    """A file that extends a rule which another one drops is told so."""
    texts = {
        **rule("drop: true\n" + SIGNED),
        "safety-rules/our-cold.yaml": "kind: safety-rule\nid: our-cold\nextends: r1-heat\nthen: ask\n",
    }

    assert "There is no safety rule 'r1-heat' to extend" in found(texts)[0]


odd = st.recursive(
    st.sampled_from([None, True, 3, "", "x", "heat", "r1-heat", "2 days", "needle"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["id", "drop", "after", "extends", "then"]), inner, max_size=3),
    max_leaves=6,
)
ANY_FIELD = [
    "drop", "by", "reason", "rules", "when", "then", "why", "phases", "red_flags", "review", "id", "extends",
]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["therapy", "safety-rule", "safety-rules", "red-flags", "vocabulary"]),
    data=st.dictionaries(st.sampled_from(ANY_FIELD), odd, max_size=4),
)
def test_whatever_a_clinic_writes_is_a_problem_at_most(
    plans: Plans, small: Small, tmp_path: Path, kind: str, data: dict[str, Any]
) -> None:
    """No file of a clinic makes the library fail in another way than with problems."""
    names = {"therapy": "massage", "safety-rule": "r1-heat", "safety-rules": "after-needle"}
    name = names.get(kind, kind)
    folder = "therapies" if kind == "therapy" else "safety-rules"
    texts = {f"{folder}/{name}.yaml": json.dumps({"kind": kind, "id": name, "extends": name, **data})}
    for file in (tmp_path / "clinic").glob("*/*"):
        file.unlink()

    for problem in check_library(plans(small), clinic_folder=write(tmp_path / "clinic", texts)):
        assert problem.sentence
