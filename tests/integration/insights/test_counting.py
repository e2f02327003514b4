"""What must never happen, what is told twice, which policies answer, what is late and what it costs: by hand."""

from typing import Any

import pytest

from server.models import (
    ConversationRow,
    DecisionRow,
    DraftRow,
    LinkRow,
    MissingPolicyRow,
    PrivacyIncidentRow,
    RestRow,
    TurnRow,
)
from tests.integration.insights.week import BRAND, Week, at

_LEAK = {"rule": "private_data", "severity": "block", "part": "public", "sentence": "", "reason": "an address"}


def ids(part: Any) -> set[str]:
    return {record.id for record in part.records}


def overridden(week: Week, draft: DraftRow) -> None:
    week.add(
        DecisionRow(
            id=f"decision-{draft.id}", brand=draft.brand, case=draft.case, draft=draft.id, kind="approve",
            staff="staff_ann", at=at(0, 1), reason="they asked for it",
        )
    )  # fmt: skip


def leaking(week: Week, author: str, part: str) -> DraftRow:
    case = week.case(author)
    return week.draft(case, week.post(case, at(0)), findings=[{**_LEAK, "part": part}])


async def test_private_data_that_was_sent_over_a_finding(week: Week):
    told, private, put_right = leaking(week, "a", "public"), leaking(week, "b", "private"), leaking(week, "c", "public")
    sent = [week.answer(told, at(0, 2)), week.answer(private, at(0, 2), part="private"), week.answer(put_right, at(1))]
    overridden(week, told)
    overridden(week, private)  # only the customer sees it
    part = (await week.measure("zero_counts"))["private_data_in_public"]
    assert (part.numerator, part.denominator) == (1, 3)
    assert ids(part) == {sent[0].publication}


async def test_what_was_told_to_somebody_else(week: Week):
    wrong, right = (week.answered(week.case(name), at(0), at(0, 1)) for name in ("a", "b"))
    link = LinkRow(
        id="link_1", brand=BRAND, channel="x", handle="a", folded_handle="a", customer="C-1", linked_by="staff_ann",
        linked_at=at(0), reason="?", unlinked_at=at(2), unlinked_by="staff_ann",
    )  # fmt: skip
    told = {"drafts": [wrong.draft], "publications": [wrong.publication], "reason": "it is her brother"}
    week.add(link, PrivacyIncidentRow(id="p1", brand=BRAND, link="link_1", opened_by="ann", opened_at=at(2), **told))
    assert right.publication not in ids((await week.measure("zero_counts"))["wrong_customer"])
    # it counts although it was withdrawn since: it was read
    assert ids((await week.measure("zero_counts"))["wrong_customer"]) == {wrong.publication}


async def test_a_promise_in_a_text_that_nobody_approved(week: Week):
    fine = week.answered(week.case("a"), at(0), at(0, 1))
    slipped = week.answered(week.case("b"), at(0), at(0, 1), approved=False)
    for answer in (fine, slipped):
        week.promise(answer, at(1))
    assert ids((await week.measure("zero_counts"))["unapproved_promise"]) == {slipped.publication}


async def test_advice_that_is_repeated_per_hundred_cases(week: Week):
    for number in range(8):
        week.answered(week.case(f"a{number}"), at(0), at(0, 1), repeats=number < 1)
    case = week.case("twice")
    week.answered(case, at(0), at(0, 1), repeats=True)
    week.answered(case, at(1), at(1, 1), repeats=True)
    week.answered(week.case("holding"), at(0), at(0, 1), holding=True)
    part = (await week.measure("advice_repeated"))["repeated"]
    # two of nine cases
    assert (part.value, part.numerator, part.denominator) == (pytest.approx(200 / 9), 2, 9)


async def test_policies_that_answered(week: Week):
    for number, documents in enumerate([("returns", "delays"), ("returns",), ("returns",), ()]):
        case = week.case(f"a{number}")
        draft = week.draft(case, week.post(case, at(0)))
        week.add(*(RestRow(draft=draft.id, kind="policy", ref=name, digest="1") for name in documents))
        week.answer(draft, at(0, 1), part="private")
        if number:
            week.answer(draft, at(0, 1), state="sent" if number == 1 else "withdrawn")  # one draft is one answer
    case = week.case("unsent")
    week.add(RestRow(draft=week.draft(case, week.post(case, at(0))).id, kind="policy", ref="warranty", digest="1"))
    figure = await week.measured("policies_answered")
    assert [(part.name, part.numerator) for part in figure.parts] == [("returns", 3), ("delays", 1)]


def missing(number: int, case: str, intent: str, *, like: int = 0, day: int = 0) -> MissingPolicyRow:
    vector = [0.0] * 4
    vector[like] = 1.0
    of = {"brand": BRAND, "case": case, "language": "en", "words": f"about {like}?", "vector": vector}
    return MissingPolicyRow(id=f"missing-{number:02}", intent=intent, at=at(day, number), **of)


async def test_policies_that_are_missing_by_theme(week: Week):
    case = week.case("a")
    week.post(case, at(0))
    week.add(*(missing(number, case.id, "gift_card_problem", like=1) for number in range(14)))
    week.add(missing(14, case.id, "gift_card_problem", like=2), missing(15, case.id, "loyalty_points", like=1))
    week.add(missing(16, case.id, "gift_card_problem", like=1, day=8))
    figure = await week.measured("policies_missing")
    assert (figure.n, [part.numerator for part in figure.parts]) == (16, [14, 1, 1])
    assert figure.parts[0].words == "asked 14 times, nothing found: “about 1?”"
    assert figure.parts[1].words == "asked once, nothing found: “about 2?”"
    assert (await week.measured("policies_missing", team="payments")).n == 0


async def test_what_is_late_now(week: Week):
    week.now = at(2)
    waiting = {"open": True, "due_at": at(1)}
    late, held = week.case("late", **waiting), week.case("held", **waiting)
    week.case("later", open=True, due_at=at(3))
    week.case("closed", open=False, due_at=at(1))
    for case, state in ((late, "handed_over"), (held, "held")):
        week.draft(case, week.post(case, at(0)), state=state)
    sent = week.answered(week.case("a"), at(0), at(0, 1))
    owed = week.promise(sent, at(1), sentence=0)
    moved = week.promise(sent, at(1), sentence=1)
    moved.due = at(4)
    # whatever the span: it is late now
    parts = await week.measure("overdue", begin=at(-9), end=at(-8))
    assert (ids(parts["answers"]), ids(parts["promises"])) == ({late.id}, {owed.id})


async def test_what_it_costs(week: Week):
    for number, price in enumerate((0.25, 0.5, 0.0)):
        case = week.case(f"a{number}")
        draft = week.draft(case, week.post(case, at(0)), cost=price, tokens=100)
        if number < 2:
            week.answer(draft, at(0, 1), part="private")
            week.answer(draft, at(0, 1))
    call = ConversationRow(
        id="call", brand=BRAND, customer="C-1", channel="phone", staff="ann", found_by="id", known="verified",
        opened_at=at(0),
    )  # fmt: skip
    turns = [
        TurnRow(
            id=f"turn-{number}", brand=BRAND, conversation="call", staff="ann", kind="question", asked="?",
            state="checked", record=record, started_at=at(0, number),
        )
        for number, record in enumerate(({"cost": 0.125}, {"cost": 0.125}, None))
    ]  # fmt: skip
    week.add(call, *turns)
    parts = {name: part.value for name, part in (await week.measure("cost")).items()}
    # 0.75 for three drafts, 0.25 for three questions: 1 for the two drafts that were sent
    assert parts == {"drafts": 0.75, "panel": 0.25, "total": 1.0, "per_reply": 0.5, "tokens": 300}
    assert (await week.measure("cost", channel="x"))["panel"].value == 0
