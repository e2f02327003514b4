"""A serving process is killed (-9) at random moments under load: nothing is lost, doubled or made up.

`make test-crash` kills 40 times on each database, `make check` 3 times; CRASH_KILLS and CRASH_SEED in the environment
say otherwise. Whatever takes long is waited for as long as something moves: a busy machine stretches everything.
"""

from collections import Counter

import pytest

from server.drafts.digests import digest
from server.publications.states import PublicationState
from tests.crash import KILLS, ON_DEMAND, TIMEOUT_S
from tests.crash.outside import UPGRADED
from tests.fixtures.town import ACCOUNT

pytestmark = [ON_DEMAND, pytest.mark.slow, pytest.mark.timeout(TIMEOUT_S)]


@pytest.fixture(params=["sqlite", "postgres"])
def story(request, lived):
    return lived.story(request.param)


def test_what_was_answered_was_written_down_first(story):
    assert story.kills == KILLS
    assert story.missing == []


def test_every_accepted_post_is_there_once_and_an_outcome_rests_on_it(story):
    known = Counter(row.network_id for row in story.books.posts)
    assert {post: known[post] for post in story.remembered.accepted if known[post] != 1} == {}
    texts = {row.network_id: row.text for row in story.books.posts}
    assert {post: texts[post] for post, text in story.remembered.accepted.items() if texts[post] != text} == {}
    counts = {row.id for row in story.books.drafts if row.state != "superseded"}
    seen = {row.ref for row in story.books.rests if row.kind == "post" and row.draft in counts}
    unanswered = [row.network_id for row in story.books.posts if row.role == "customer" and row.id not in seen]
    assert unanswered == []
    assert [(row.kind, row.error) for row in story.books.dead] == []


def test_nothing_is_published_twice(story):
    ours = [post for post in story.network if post["from_brand"]]
    answered = Counter((post["in_reply_to"], post["private_to"]) for post in ours)
    assert {key: count for key, count in answered.items() if count > 1} == {}
    sent = Counter(row.network_id for row in story.books.publications if row.state == PublicationState.SENT)
    assert sent == Counter(post["id"] for post in ours)


def test_no_approval_is_lost_and_none_is_made_up(story):
    books = story.books
    yeses = {(row.draft, row.staff, row.digest) for row in books.approvals}
    given, possible = set(), set()
    for approval in story.remembered.approvals:
        bound = {(approval.draft, approval.staff, one) for one in books.digests(approval)}
        given |= bound if approval.was_given else set()
        possible |= bound if approval.may_have_been_given else set()
    assert given - yeses == set()
    assert yeses - possible == set()


def test_every_approved_text_is_out_once_or_told_of(story):
    books = story.books
    approved = {row.id for row in books.drafts if row.state == "approved"}
    standing = {
        (row.draft, row.part, row.digest) for row in books.approvals if row.voided_at is None and row.draft in approved
    }
    counting = [row for row in books.publications if row.state != PublicationState.WITHDRAWN]
    assert standing == {(row.draft, row.part, row.digest) for row in counting if row.draft in approved}
    there = {post["id"]: post for post in story.network}
    for row in counting:
        if row.state == PublicationState.SENT:
            post = there[row.network_id]
            assert (post["text"], post["in_reply_to"]) == (row.text, row.reply_to)
            assert post["private_to"] == (row.recipient if row.part == "private" else None)
        else:
            assert row.id in story.listed
    for row in counting:
        bound = digest(
            brand=row.brand,
            account=ACCOUNT,
            reply_to=row.reply_to,
            recipient=row.recipient,
            part=row.part,
            text=row.text,
        )
        assert bound == row.digest
        assert (row.draft, row.digest) in {(yes.draft, yes.digest) for yes in books.approvals}


def test_what_was_approved_is_carried_out_once(story):
    books = story.books
    assert Counter(row.state for row in books.actions)["done"] > 0
    done = {row.id for row in books.actions if row.state == "done"}
    assert done == {row.action for row in books.carried_out}
    orders = Counter(row.order_id for row in books.carried_out)
    assert {order: count for order, count in orders.items() if count > 1} == {}
    # no approval is lost: what somebody has said yes to was done, or says why not
    approved = [row for row in books.actions if row.approved_at is not None]
    assert [row.id for row in approved if row.state != "done" and row.error is None] == []


def test_no_text_tells_of_an_action_that_was_not_done_before_it_was_sent(story):
    books = story.books
    counted_on = {row.draft: row.ref for row in books.rests if row.kind == "action"}
    told = [row for row in books.publications if UPGRADED in row.text and row.state == PublicationState.SENT]
    assert told
    for row in told:
        # a draft that came back after its action was done counts on none any more: it was proposed with that draft
        counts = [one for one in books.actions if one.id == counted_on.get(row.draft) or one.draft == row.draft]
        done = [one.done_at for one in counts if one.done_at is not None]
        assert done, f"{row.id} tells of an action that was not done"
        assert max(done) <= row.attempted_at


def test_a_public_text_never_goes_before_the_private_one_it_announces(story):
    by_id = {row.id: row for row in story.books.publications}
    for row in by_id.values():
        if row.waits_for is not None and row.state == PublicationState.SENT:
            private = by_id[row.waits_for]
            assert private.state == PublicationState.SENT
            assert int(private.network_id) < int(row.network_id)
