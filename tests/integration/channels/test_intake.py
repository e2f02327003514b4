"""Taking in what networks tell, however often and in whatever order they tell it."""

import asyncio
from datetime import timedelta

from server.channels.protocol import Happened, IncomingAttachment
from server.models import AttachmentRow, EventRow, JobRow, ThreadRow
from tests.fakes.networks import NOON
from tests.integration.channels.conftest import incoming

PICTURE = IncomingAttachment("image", "a tent pole", "https://media.example.com/1.jpg")


async def test_a_post_is_stored_once_however_often_it_is_told(channels):
    (post,) = await channels.take(incoming("1"))
    assert await channels.take(incoming("1"), incoming("1")) == []
    (row,) = await channels.posts()
    assert (row.id, row.brand, row.role, row.author, row.text, row.version) == (
        post,
        "fernhollow",
        "customer",
        "anna",
        "My tent leaks",
        1,
    )


async def test_two_who_are_told_the_same_at_the_same_moment_store_it_once(channels):
    told = [channels.take(incoming("1"), incoming("2", thread="2"), incoming("3", thread="3")) for _ in range(6)]
    taken = await asyncio.gather(*told)
    assert sorted(len(ids) for ids in taken) == [0, 0, 0, 0, 0, 3]
    assert len(await channels.posts()) == 3


async def test_the_same_id_on_two_accounts_is_two_posts(channels):
    await channels.take(incoming("1"))
    await channels.take(incoming("1"), account="tarnlight-x")
    assert [row.brand for row in await channels.posts()] == ["fernhollow", "tarnlight"]


async def test_a_burst_of_one_person_is_one_case_and_one_job_that_waits_until_they_are_quiet(channels):
    await channels.take(incoming("1"))
    channels.pass_by(minutes=2)
    await channels.take(incoming("2", "and it is brand new", in_reply_to="1"))
    (case,) = await channels.cases()
    assert case.draft_after == NOON + timedelta(minutes=5)
    (job,) = [job for job in await channels.all(JobRow) if job.kind == "draft"]
    assert job.run_after == NOON + timedelta(minutes=5)


async def test_other_people_in_a_thread_have_cases_of_their_own(channels):
    await channels.take(incoming("1"), incoming("2", "same here", author="bob", in_reply_to="1"))
    assert sorted(case.folded_author for case in await channels.cases()) == ["anna", "bob"]
    assert len(await channels.all(ThreadRow)) == 1


async def test_the_thread_is_worked_out_from_what_is_answered_where_it_is_not_told(channels):
    await channels.take(incoming("1", thread=""))
    await channels.take(incoming("2", thread="", in_reply_to="1"))
    await channels.take(incoming("3", thread="", in_reply_to="2"))
    await channels.take(incoming("9", thread=""))
    assert [thread.network_id for thread in await channels.all(ThreadRow)] == ["1", "9"]


async def test_a_reply_that_comes_before_what_it_answers_is_in_its_thread(channels):
    await channels.take(incoming("2", thread="", in_reply_to="1"))
    await channels.take(incoming("1", thread=""))
    assert len(await channels.all(ThreadRow)) == 1


async def test_what_the_account_itself_wrote_is_the_brands_and_opens_no_case(channels):
    await channels.take(incoming("1", author="@fernhollowhelp"), incoming("2", author="colleague", from_brand=True))
    assert [row.role for row in await channels.posts()] == ["brand", "brand"]
    assert await channels.cases() == []


async def test_an_edit_changes_the_post_and_raises_its_version(channels):
    await channels.take(incoming("1"))
    await channels.take(incoming("1", "My tent leaks badly", happened=Happened.EDITED))
    (row,) = await channels.posts()
    assert (row.text, row.version, row.edited_at) == ("My tent leaks badly", 2, NOON)


async def test_a_post_that_is_told_again_with_other_words_was_edited(channels):
    await channels.take(incoming("1"))
    assert len(await channels.take(incoming("1", "My tent drips"))) == 1
    (row,) = await channels.posts()
    assert (row.text, row.version) == ("My tent drips", 2)


async def test_an_older_edit_that_comes_late_changes_nothing(channels):
    newest = incoming("1", "third words", happened=Happened.EDITED, edited_at=NOON + timedelta(minutes=2))
    late = incoming("1", "second words", happened=Happened.EDITED, edited_at=NOON + timedelta(minutes=1))
    await channels.take(incoming("1", "first words"), newest)
    assert await channels.take(late, incoming("1", "first words")) == []
    assert (await channels.posts())[0].text == "third words"


async def test_an_edit_that_comes_before_its_post_is_the_post(channels):
    edited = incoming("1", "second words", happened=Happened.EDITED, edited_at=NOON)
    await channels.take(edited)
    assert await channels.take(incoming("1", "first words")) == []
    assert (await channels.posts())[0].text == "second words"


async def test_a_deleted_post_loses_its_words_and_does_not_come_back(channels):
    await channels.take(incoming("1", attachments=(PICTURE,)))
    await channels.take(incoming("1", "", happened=Happened.DELETED))
    assert await channels.take(incoming("1"), incoming("1", "x", happened=Happened.EDITED)) == []
    (row,) = await channels.posts()
    assert (row.text, row.deleted_at) == ("", NOON)
    (attachment,) = await channels.all(AttachmentRow)
    assert (attachment.state, attachment.alt, attachment.url) == ("refused", None, None)


async def test_a_post_that_was_deleted_before_it_was_told_is_never_answered(channels):
    await channels.take(incoming("1", "", thread="", author="", happened=Happened.DELETED))
    assert await channels.take(incoming("1")) == []
    assert await channels.cases() == []


async def test_what_came_with_a_post_is_fetched_later_and_only_what_can_be(channels):
    nowhere = IncomingAttachment("image", "no address", None)
    await channels.take(incoming("1", attachments=(PICTURE, nowhere)))
    assert [row.state for row in await channels.all(AttachmentRow)] == ["waiting", "refused"]
    (job,) = await channels.claim("fetch_attachment")
    assert job.brand == "fernhollow"  # whoever sees to the brand sees what becomes of it


async def test_a_flood_of_words_or_pictures_is_cut_off(channels):
    many = tuple(IncomingAttachment("image", None, f"https://media.example.com/{number}") for number in range(50))
    await channels.take(incoming("1", "x" * 50_000, attachments=many, reach=2**40))
    (row,) = await channels.posts()
    assert (len(row.text), row.reach) == (20_000, 2**31 - 1)
    assert len(await channels.all(AttachmentRow)) == 10


async def test_what_no_database_stores_is_left_out(channels):
    await channels.take(incoming("1", "My\0 tent 🏕️"))
    assert (await channels.posts())[0].text == "My tent 🏕️"


async def test_a_post_from_the_future_is_from_now(channels):
    await channels.take(incoming("1", sent_at=NOON + timedelta(days=300)))
    assert (await channels.posts())[0].sent_at == NOON


async def test_what_happened_is_told_without_anybodys_words(channels):
    await channels.take(incoming("1"))
    await channels.take(incoming("1", "My tent drips", happened=Happened.EDITED))
    await channels.take(incoming("1", "", happened=Happened.DELETED))
    events = [event for event in await channels.all(EventRow) if event.kind.startswith("post.")]
    assert [event.kind for event in events] == ["post.received", "post.edited", "post.deleted"]
    assert "tent" not in str([event.data for event in events])
