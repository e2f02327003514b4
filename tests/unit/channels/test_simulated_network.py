"""The simulated network misbehaves as it is told to, so that what rests on it is tested."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import yaml

from server.channels.accounts import load_accounts
from server.channels.adapters import open_channel, open_channels
from server.channels.addresses import Reach
from server.channels.protocol import (
    Happened,
    NetworkUnreachable,
    NotOffered,
    Outgoing,
    SendDelayed,
    SendRefused,
    SendUnknown,
)
from server.channels.simulated.demo import post_inbox
from server.models import AccountRow
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.networks import NOON, World, account, later


@pytest.fixture
async def world(tmp_path):
    world = World(tmp_path / "network.db")
    yield world
    await world.aclose()


def answer_to(post: str, text: str = "We are on it.", **more) -> Outgoing:
    return Outgoing(**{"key": "pub_1", "text": text, "reply_to": post, "recipient": "anna", "private": False, **more})


async def said_by_us(world: World) -> list[str]:
    return [post["text"] for post in await world.everything() if post["from_brand"]]


@pytest.mark.parametrize("fault", ["answer_500_after", "answer_500_before"])
async def test_a_500_tells_nothing_of_whether_the_text_is_out(world, fault):
    post = await world.say("anna", "My tent leaks")
    await world.behave(next=[fault])
    with pytest.raises(SendUnknown):
        await world.channel().send(answer_to(post))
    out = fault.endswith("after")
    assert len(await said_by_us(world)) == out
    assert (await world.channel().find(answer_to(post), since=NOON) is not None) == out


async def test_a_silent_network_is_given_up_and_the_text_may_be_out(world):
    post = await world.say("anna", "My tent leaks")
    await world.behave(next=["silent_after"], silence_s=60)
    channel = world.channel()
    channel._deadline = timedelta(milliseconds=100)
    with pytest.raises(SendUnknown):
        await channel.send(answer_to(post))
    assert await said_by_us(world) == ["We are on it."]


async def test_without_keys_a_text_that_is_sent_again_is_out_twice(world):
    post = await world.say("anna", "My tent leaks")
    first, second = [await world.channel().send(answer_to(post)) for _ in range(2)]
    assert first != second


async def test_with_keys_it_is_out_once_and_found_by_its_key(world):
    await world.behave(keeps_keys=True)
    post = await world.say("anna", "My tent leaks")
    first, second = [await world.channel().send(answer_to(post)) for _ in range(2)]
    assert first == second == await world.channel().find(answer_to(post, "other words"), since=NOON)


async def test_what_is_out_is_found_late(world):
    await world.behave(visible_after_s=3)
    post = await world.say("anna", "My tent leaks")
    out = await world.channel().send(answer_to(post))
    assert await world.channel().find(answer_to(post), since=NOON) is None
    world.clock = lambda: later(seconds=4)
    assert await world.channel().find(answer_to(post), since=NOON) == out


async def test_a_text_is_found_by_its_words_eyes_and_target(world):
    post, other = await world.say("anna", "My tent leaks"), await world.say("bob", "Mine too")
    channel = world.channel()
    out = await channel.send(answer_to(post, "Wir kümmern  uns."))
    assert await channel.find(answer_to(post, "Wir ku\u0308mmern uns. "), since=NOON) == out
    assert await channel.find(answer_to(post, "Wir kümmern uns.", private=True), since=NOON) is None
    assert await channel.find(answer_to(other, "Wir kümmern uns."), since=NOON) is None
    assert await channel.find(answer_to(post, "Wir kümmern uns."), since=later(hours=1)) is None


async def test_too_many_and_against_the_rules(world):
    post = await world.say("anna", "My tent leaks")
    await world.behave(next=["too_many", "refuse"], retry_after_s=9)
    with pytest.raises(SendDelayed) as delayed:
        await world.channel().send(answer_to(post))
    assert delayed.value.retry_after == timedelta(seconds=9)
    with pytest.raises(SendRefused):
        await world.channel().send(answer_to(post))
    assert await said_by_us(world) == []


async def test_a_text_too_long_for_its_channel_is_refused(world):
    post = await world.say("anna", "My tent leaks")
    with pytest.raises(SendRefused):
        await world.channel().send(answer_to(post, "x" * 281))
    assert await world.channel().send(answer_to(post, "x" * 281, private=True))


async def test_nothing_is_answered_to_a_post_that_is_gone(world):
    post = await world.say("anna", "My tent leaks")
    await world.delete(post)
    with pytest.raises(SendRefused):
        await world.channel().send(answer_to(post))


async def test_a_private_message_stays_where_it_was_sent(world):
    post = await world.say("anna", "My tent leaks")
    out = await world.channel().send(answer_to(post, private=True))
    with pytest.raises(NotOffered):
        await world.channel().withdraw(out)


async def test_posts_change_at_the_very_moment_they_are_read_again(world):
    first, second = await world.say("anna", "My tent leaks"), await world.say("bob", "Mine too")
    await world.behave(edits_before_read=1.0)
    read = await world.channel().read(first)
    assert read is not None
    assert (read.text, read.edited_at) == ("My tent leaks (edited)", NOON)
    await world.behave(deletes_before_read=1.0)
    assert await world.channel().read(second) is None


async def test_what_has_happened_is_told_page_by_page_in_order(world):
    first = await world.say("anna", "My tent leaks")
    for number in range(120):
        await world.say("bob", f"Mine too {number}", in_reply_to=int(first))
    await world.edit(first, "My tent leaks badly")
    channel = world.channel()
    page, cursor = await channel.poll(None)
    rest, end = await channel.poll(cursor)
    assert (len(page), len(rest)) == (100, 22)
    assert {post.thread for post in (*page, *rest)} == {first}
    assert (rest[-1].happened, rest[-1].text) == (Happened.EDITED, "My tent leaks badly")
    assert await channel.poll(end) == ([], end)


async def test_accounts_see_their_own_posts_alone(world):
    post = await world.say("anna", "My tent leaks")
    other = world.channel(account(id="tarnlight-x", handle="TarnlightCare"))
    assert await other.poll(None) == ([], "0")
    assert await other.read(post) is None


async def test_a_network_that_is_down_does_nothing(world):
    post = await world.say("anna", "My tent leaks")
    await world.behave(down=True)
    with pytest.raises(SendUnknown):
        await world.channel().send(answer_to(post))
    with pytest.raises(NetworkUnreachable):
        await world.channel().poll(None)
    assert await said_by_us(world) == []


@pytest.mark.parametrize("body", ["", "{}", '{"text": 7}', '{"text": "x", "in_reply_to": "one"}', "[1]"])
async def test_what_it_does_not_understand_it_refuses(world, body):
    for path in ("/x/FernhollowHelp/posts", "/people/x/FernhollowHelp/anna/posts"):
        assert (await world.http.post(path, content=body)).status_code == 422


async def test_inside_a_process_it_needs_no_address_and_keeps_its_posts_in_the_home(tmp_path):
    row = AccountRow(**{**account().model_dump(), "settings": {}})
    for _ in range(2):
        async with open_channels(lambda _: b"secret", clock=lambda: NOON, home=tmp_path, reach=Reach()) as channel:
            assert await channel(row).poll(None) == ([], "0")
    assert (tmp_path / "simulated-network.db").is_file()


async def test_an_address_that_nobody_answers_at_has_taken_nothing(unused_tcp_port):
    row = account(settings={"url": f"http://127.0.0.1:{unused_tcp_port}"})
    async with httpx.AsyncClient() as http:
        with pytest.raises(SendDelayed):
            await open_channel(row, secret="s", http=http, clock=lambda: NOON).send(answer_to("1"))


async def test_the_demo_inbox_is_posted_once_with_its_threads(tmp_path):
    rows = [
        AccountRow(**entry.model_dump(exclude={"hours"}), hours={}, created_at=NOON)
        for entry in load_accounts(SHIPPED_KNOWLEDGE)
    ]
    inbox, file = SHIPPED_KNOWLEDGE / "demo" / "inbox.jsonl", tmp_path / "network.db"
    told = [post for line in inbox.read_text().splitlines() for post in json.loads(line)["posts"]]
    assert post_inbox(file, inbox, rows) == post_inbox(file, inbox, rows) == len(told)
    world = World(file)
    posts, _ = await world.channel().poll(None)
    assert {post.from_brand for post in posts} == {True, False}
    assert len({post.thread for post in posts}) == 28
    await world.aclose()


async def test_the_demo_inbox_is_a_morning_that_ends_now_and_names_its_days(tmp_path):
    rows = [
        AccountRow(**entry.model_dump(exclude={"hours"}), hours={}, created_at=NOON)
        for entry in load_accounts(SHIPPED_KNOWLEDGE)
    ]
    folder = SHIPPED_KNOWLEDGE / "demo"
    now = datetime(2027, 3, 3, 15, tzinfo=UTC)
    post_inbox(tmp_path / "network.db", folder / "inbox.jsonl", rows, now=now)
    texts = {thread["id"]: " ".join(post["text"] for post in thread["posts"]) for thread in inbox_of(folder)}
    names = yaml.safe_load((folder / "days.yaml").read_text(encoding="utf-8"))["days"]
    assert [name for name in names if name["says"] not in texts[name["in"]]] == []
    world = World(tmp_path / "network.db")
    posts, _ = await world.channel().poll(None)
    assert all(now - timedelta(hours=8) < post.sent_at < now for post in posts)
    refund = next(post for post in posts if "within 5 working days" in post.text)
    assert "you said on the 14th. it's the 3rd." in refund.text  # as long ago as it was, and today
    await world.aclose()


def inbox_of(folder):
    return [json.loads(line) for line in (folder / "inbox.jsonl").read_text(encoding="utf-8").splitlines()]
