"""Whose customer does not come back for 7 days: by hand, and as it is measured."""

from datetime import timedelta
from typing import Any

from server.models import ConversationRow, LinkRow, RestRow
from tests.integration.insights.week import BRAND, MONDAY, Week, at

_A_WEEK_LATER = 7 * 24


def link(handle: str, channel: str, customer: str) -> LinkRow:
    return LinkRow(
        id=f"link-{handle}-{channel}", brand=BRAND, channel=channel, handle=handle, folded_handle=handle,
        customer=customer, linked_by="staff_ann", linked_at=MONDAY, reason="they said so",
    )  # fmt: skip


def call(customer: str, hour: float, case: str | None = None) -> ConversationRow:
    return ConversationRow(
        id=f"call-{customer}-{hour}", brand=BRAND, customer=customer, channel="phone", case=case, staff="staff_ann",
        found_by="phone", known="verified", opened_at=at(0, hour),
    )  # fmt: skip


async def outcome(week: Week, **wanted: Any) -> dict[str, float]:
    parts = await week.measure("solved", **wanted)
    return {name: part.numerator for name, part in parts.items() if part.numerator}


async def test_who_writes_again_within_seven_days_was_not_helped(week: Week):
    silent, again, later = week.case("silent"), week.case("again"), week.case("later")
    for case in (silent, again, later):
        week.answered(case, at(0, 0), at(0, 1))
    week.post(again, at(0, 1 + _A_WEEK_LATER))  # to the second
    week.post(later, at(0, 1 + _A_WEEK_LATER) + timedelta(seconds=1))
    parts = await week.measure("solved")
    # 2 of 3 cases are solved; the one that came back is named
    assert (parts["solved"].value, parts["solved"].numerator, parts["solved"].denominator) == (2 / 3, 2, 3)
    assert [record.id for record in parts["came_back"].records] == [again.id]


async def test_before_the_days_are_over_nothing_is_decided_but_for_who_is_back(week: Week):
    week.now = at(3)
    silent, again = week.case("silent"), week.case("again")
    for case in (silent, again):
        week.answered(case, at(0, 0), at(0, 1))
    week.post(again, at(1))
    assert await outcome(week) == {"came_back": 1, "too_early": 1}


async def test_thanks_are_no_further_contact_and_a_deleted_post_is_none(week: Week):
    thanks, gone, spam = week.case("thanks"), week.case("gone"), week.case("spam")
    for case in (thanks, gone, spam):
        week.answered(case, at(0, 0), at(0, 1))
    week.draft(thanks, week.post(thanks, at(1)), state="no_reply", reason="thanks")
    week.post(gone, at(1), deleted_at=at(2))
    week.draft(spam, week.post(spam, at(1)), state="no_reply", reason="rant")  # they are still angry
    assert await outcome(week) == {"solved": 2, "came_back": 1}


async def test_the_last_answer_of_the_span_is_what_solves_it(week: Week):
    case = week.case("a")
    week.answered(case, at(0, 0), at(0, 1))
    week.answered(case, at(1, 0), at(1, 1))  # they had come back, and were helped then
    assert await outcome(week) == {"solved": 1}


async def test_a_holding_text_solves_nothing(week: Week):
    week.answered(week.case("a"), at(0, 0), at(0, 1), holding=True)
    assert (await week.measured("solved")).n == 0


async def test_moved_to_private_is_told_as_moved(week: Week):
    public, private, form, page, called = (week.case(name) for name in ("a", "b", "c", "d", "e"))
    week.answered(public, at(0, 0), at(0, 1))
    both = week.draft(private, week.post(private, at(0, 0)))
    week.answer(both, at(0, 1), part="private")
    week.answer(both, at(0, 2))
    week.answered(form, at(0, 0), at(0, 1), points_to=["fernhollow-secure_form-en"])
    week.answered(page, at(0, 0), at(0, 1), points_to=["fernhollow-help_centre-en"])
    # what was asked in private and is answered there is moved nowhere
    week.answered(called, at(0, 0), at(0, 1), part="private", asked_in_private=True)
    week.post(private, at(1))  # in private: it is moved all the same
    parts = await week.measure("solved")
    assert {name: part.numerator for name, part in parts.items()} == {
        "solved": 3, "came_back": 0, "moved": 2, "too_early": 0
    }  # fmt: skip
    assert {record.id for record in parts["moved"].records} == {private.id, form.id}
    assert parts["solved"].denominator == 5


async def test_the_same_person_elsewhere_about_the_same_thing_is_a_further_contact(week: Week):
    week.account("mastodon")
    for author in ("ann", "ben", "cat", "dan"):
        case = week.case(author)
        draft = week.draft(case, week.post(case, at(0)), intent="order_late", customer=f"C-{author}")
        week.answer(draft, at(0, 1))
    # Ann writes on the other channel, as whom the shop knows there; Ben of something else; Cat is linked by staff
    for author, intent in (("ann.m", "order_late"), ("ben.m", "return_policy"), ("cat.m", "order_late")):
        case = week.case(author, account="pine-mastodon")
        customer = "C-ann" if author == "ann.m" else "C-ben" if author == "ben.m" else None
        week.draft(case, week.post(case, at(2)), intent=intent, customer=customer)
    week.add(link("cat.m", "mastodon", "C-cat"))
    # Dan, in another thread of the same channel: not solved, he says
    other = week.case("dan", thread="another")
    week.draft(other, week.post(other, at(3)), intent="still_not_solved")
    # asked of the one channel: who comes back on another has come back
    parts = await week.measure("solved", channel="x")
    back = {record.id: record.values["contact"] for record in parts["came_back"].records}
    assert set(back) == {"case-pine-x-ann-ann", "case-pine-x-cat-cat", "case-pine-x-dan-dan"}
    assert back["case-pine-x-dan-dan"] == other.id
    assert [record.id for record in parts["solved"].records] == ["case-pine-x-ben-ben"]


async def test_the_same_order_is_the_same_thing_whatever_is_asked_of_it(week: Week):
    for number, order in (("1", "P-1"), ("2", "P-2")):
        case = week.case(f"a{number}")
        draft = week.draft(case, week.post(case, at(0)), intent="order_late", customer=f"C-{number}")
        week.answer(draft, at(0, 1))
        other = week.case(f"b{number}")
        second = week.draft(other, week.post(other, at(1)), intent="refund_status", customer=f"C-{number}")
        week.add(RestRow(draft=draft.id, kind="order", ref=order, digest="1"))
        week.add(RestRow(draft=second.id, kind="order", ref="P-1", digest="1"))
    parts = await week.measure("solved")
    assert [record.values["contact"] for record in parts["came_back"].records] == ["case-pine-x-b1-b1"]
    assert parts["solved"].numerator == 1


async def test_a_call_about_the_case_or_about_nobody_knows_what_is_a_further_contact(week: Week):
    for name in ("a", "b", "c", "d"):
        case = week.case(name)
        week.answer(week.draft(case, week.post(case, at(0)), customer=f"C-{name}"), at(0, 1))
    other = week.case("elsewhere")
    week.post(other, at(0))
    week.add(call("C-a", 24), call("C-b", 24, case="case-pine-x-b-b"), call("C-c", 24, case=other.id), call("C-z", 24))
    parts = await week.measure("solved")
    assert {record.id for record in parts["came_back"].records} == {"case-pine-x-a-a", "case-pine-x-b-b"}
