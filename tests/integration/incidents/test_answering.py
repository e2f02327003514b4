"""One approved text answers everybody: each once, spread over time, nobody who has written again."""

from datetime import timedelta

import pytest

from server.models import ApprovalRow, DraftRow, IncidentCaseRow, PublicationRow
from tests.fakes.storms import StormWorld
from tests.integration.incidents.driving import BOSS, OTHER_BOSS, TEXT, Boss, boss_of

WRITERS = [f"writer{number}" for number in range(12)]


async def confirmed(boss: Boss, writers: list[str] = WRITERS) -> None:
    """An incident to which these have written, all confirmed."""
    await boss.open()
    for name in writers:
        await boss.world.written("your checkout is down", name)
    boss.world.wait()
    await boss.world.work()
    told = await boss.confirm_all()
    assert told["confirmed"] == len(writers)


async def run(world: StormWorld, **length: float) -> None:
    """Let time pass, and have done whatever falls due in it."""
    end = world.now + timedelta(**length)
    while world.now < end:
        world.now = min(end, world.now + timedelta(seconds=30))
        await world.work()


async def test_each_is_answered_once_with_the_approved_text_spread_over_the_time(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss)
        digest = await boss.approved()
        told = await boss.answer(texts={"en": digest}, spread_minutes=60)
        assert (told["count"], told["left"]) == (12, {})
        due = sorted(row.send_after for row in await world.rows(PublicationRow))
        begins = world.now + timedelta(seconds=world.service.settings.undo_seconds)
        slots = [int((moment - begins) / timedelta(minutes=5)) for moment in due]
        assert slots == list(range(12))

        assert world.network.texts() == []
        await run(world, minutes=61)
        assert world.network.texts() == [TEXT] * 12
        assert {post.reply_to for post in world.network.ours()} == {
            post.id for post in world.network.posts if post.author in WRITERS
        }
        assert (await boss.shown())["sending"] == {"sent": 12}
        assert await world.queue() == []
    approvals = await world.rows(ApprovalRow)
    assert len(approvals) >= 12
    assert {row.step: row.staff for row in approvals}[1] == BOSS.id


async def test_who_writes_again_is_not_answered_with_it_but_held_again(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=10)
        [post] = [post for post in world.network.posts if post.author == "anna"]
        await world.written("checkout still down here!", "anna", thread=post.id)
        await run(world, minutes=11)
        assert [post.recipient for post in world.network.ours()] == ["bert"]
        listed = await boss.cases(state="listed")
        assert set(listed) == {"anna"}
        assert listed["anna"]["draft_state"] == "held"

        await boss.confirm_all()
        version = await boss.shown()
        [text] = version["texts"]
        await boss.answer(texts={"en": text["digest"]}, spread_minutes=1)
        await run(world, minutes=2)
        assert sorted(post.recipient or "" for post in world.network.ours()) == ["anna", "bert"]


async def test_who_writes_after_the_answer_stays_in_the_queue_for_a_person(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        await boss.answer(texts={"en": await boss.approved()}, spread_minutes=1)
        await run(world, minutes=2)
        [post] = [post for post in world.network.posts if post.author == "anna"]
        await world.written("and when will the checkout be back?", "anna", thread=post.id)
        world.wait()
        await world.work()
        [draft] = await world.queue()
        assert (await world.case_of(draft)).author == "anna"


async def test_a_changed_text_needs_its_approval_again(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        first = await boss.approved()
        changed = await boss.text("We are sorry, the checkout is down.")
        version = (await boss.shown())["version"]
        refused = await boss.do("answer", status=409, version=version, texts={"en": first})
        assert refused["code"] == "other_text"
        refused = await boss.do("answer", status=409, version=version, texts={"en": changed["digest"]})
        assert refused["code"] == "text_not_approved"
        assert await world.rows(PublicationRow) == []


async def test_an_approval_names_the_digest_that_was_seen(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        first = await boss.text()
        await boss.text("We are sorry, the checkout is down.")
        refused = await boss.do(f"texts/{first['id']}/approve", status=409, digest=first["digest"], confirmed=True)
        assert refused["code"] == "other_text"


async def test_a_variable_that_is_not_filled_in_is_not_told_to_everybody_whatever_the_reason(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        written = await boss.text("Hi {{customer_first_name}}, the checkout is down.")
        terms = {"digest": written["digest"], "confirmed": True, "override": "it has to go"}
        refused = await boss.do(f"texts/{written['id']}/approve", status=422, **terms)
        assert (refused["code"], refused["details"]["variables"]) == ("not_filled_in", ["customer_first_name"])


async def test_danger_words_ask_for_a_second_person_who_is_another(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna"])
        text = "The checkout is down. We have told the police of the fraud."
        written = await boss.text(text)
        assert any("police" in why for why in written["needs_second"])
        terms = {"digest": written["digest"], "confirmed": True, "override": "agreed with legal"}
        once = await boss.do(f"texts/{written['id']}/approve", **terms)
        assert not once["may_be_sent"]
        again = await boss.do(f"texts/{written['id']}/approve", status=403, **terms)
        assert again["code"] == "same_person"
        version = (await boss.shown())["version"]
        refused = await boss.do("answer", status=409, version=version, texts={"en": written["digest"]})
        assert "second person" in refused["detail"]
        assert (await boss.do(f"texts/{written['id']}/approve", who=OTHER_BOSS, **terms))["may_be_sent"]


async def test_an_answer_that_many_may_read_waits_for_a_second_person(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        await world.written("your checkout is down", "anna")
        await world.written("your checkout is down", "famous", reach=50_000)
        world.wait()
        await world.work()
        await boss.confirm_all()
        statement = "You have 60 days."
        written = await boss.text(statement, statement="returns-2026")
        await boss.do(f"texts/{written['id']}/approve", digest=written["digest"])
        told = await boss.answer(texts={"en": written["digest"]}, spread_minutes=1)
        assert told["count"] == 1
        assert sum(told["left"].values()) == 1
        await boss.do(f"texts/{written['id']}/approve", who=OTHER_BOSS, digest=written["digest"])
        assert (await boss.answer(texts={"en": written["digest"]}, spread_minutes=1))["count"] == 1
        await run(world, minutes=3)
        assert sorted(post.recipient or "" for post in world.network.ours()) == ["anna", "famous"]


async def test_approved_words_are_taken_word_for_word_or_not_at_all(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open(kind="statement", title="Advertising", match={"words": ["checkout"]})
        assert (await boss.text("You have 60 days.", statement="returns-2026"))["findings"] == []
        for text, statement in (
            ("You have 90 days.", "returns-2026"),
            ("You have 60 days.", None),
            ("60 Tage.", "returns-2026"),
        ):
            body = {"language": "en", "text": text, "statement": statement}
            assert (await boss.do("texts", status=422, **body))["code"] == "not_approved_words"


async def test_a_text_that_says_what_nobody_vouches_for_is_blocked_until_somebody_says_why(world: StormWorld):
    async with boss_of(world) as boss:
        await boss.open()
        written = await boss.text("Everybody gets 50 GBP back by 24 December.")
        assert any(item["severity"] == "block" for item in written["findings"])
        refused = await boss.do(f"texts/{written['id']}/approve", status=422, digest=written["digest"], confirmed=True)
        assert refused["code"] == "blocked"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Our tents now have a 25-year warranty.", "duration"),
        ("The checkout is down, and everybody gets 750 GBP for the trouble.", "money"),
        ("We will refund everybody who ordered.", "promise"),
        ("We will replace your tent.", "promise"),
        ("You can return anything you bought from us whenever you like.", "unsupported"),
        ("Every order ships free by express.", "unsupported"),
        ("Todos los pedidos se envían gratis.", "unsupported"),
    ],
)
async def test_a_text_bears_out_nothing_of_itself(world: StormWorld, text: str, rule: str):
    async with boss_of(world) as boss:
        await boss.open()
        written = await boss.text(text, language="es" if text.startswith("Todos") else "en")
        blocks = [item["rule"] for item in written["findings"] if item["severity"] == "block"]
        assert rule in blocks, written["findings"]
        assert text not in {item["text"] for item in written["evidence"]}
        terms = {"digest": written["digest"], "confirmed": True}
        assert (await boss.do(f"texts/{written['id']}/approve", status=422, **terms))["code"] == "blocked"
        once = await boss.do(f"texts/{written['id']}/approve", **terms, override="agreed with the owners")
        assert once["needs_second"]
        assert not once["may_be_sent"]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (TEXT, "incident:"),
        ("Unused goods can be returned within 60 days.", "policy:returns-2026"),
        ("Send us your details here: https://www.fernhollow.example/secure", "destination:fernhollow-secure_form-en"),
        ("We are sorry for the trouble.", None),
    ],
)
async def test_what_is_vouched_for_or_stands_in_a_policy_or_a_destination_may_be_said(
    world: StormWorld, text: str, source: str | None
):
    async with boss_of(world) as boss:
        await boss.open()
        written = await boss.text(text)
        assert written["findings"] == []
        refs = [item["ref"] for item in written["evidence"]]
        assert any(ref.startswith(source) for ref in refs) if source else refs == []
        approved = await boss.do(f"texts/{written['id']}/approve", digest=written["digest"])
        assert approved["may_be_sent"]


async def test_with_a_pinned_post_nobody_gets_a_reply_of_their_own(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        refused = await boss.answer(status=422, pinned="https://x.example/status/1")
        assert refused["code"] == "not_looked_at"
        told = await boss.answer(pinned="https://x.example/status/1", confirmed=True)
        assert told["count"] == 2
        drafts = await world.rows(DraftRow, state="no_reply")
        assert len(drafts) == 2
        assert all("https://x.example/status/1" in draft.reason_words for draft in drafts)
        assert await world.rows(PublicationRow) == []
        assert {row.state for row in await world.rows(IncidentCaseRow)} == {"answered"}


async def test_a_held_draft_that_a_person_takes_up_is_in_the_queue_and_not_answered_with_the_others(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        draft = await world.newest("anna")
        done = await boss.desk.decide(BOSS, draft.id, "release", reason="she is a friend of the house")
        assert done.status_code == 200, done.text
        assert [one.id for one in await world.queue()] == [draft.id]
        told = await boss.answer(texts={"en": await boss.approved()}, spread_minutes=1)
        assert told["count"] == 1
        assert set(await boss.cases(state="released")) == {"anna"}


async def test_what_does_not_belong_goes_back_to_the_queue_and_stays_there(world: StormWorld):
    async with boss_of(world) as boss:
        await confirmed(boss, ["anna", "bert"])
        seen = [(await boss.cases())["anna"]["id"]]
        told = await boss.do("release", seen=seen, reason="asks for another shop")
        assert told == {"released": 1, "not_released": {}}
        await world.work()
        [draft] = await world.queue()
        assert (await world.case_of(draft)).author == "anna"
        assert draft.public_text
