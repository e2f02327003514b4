"""Threads of which some was said in private: what everybody reads is what the public posts alone come to."""

import pytest

from assistant.case import Post, Role, Thread
from assistant.outcome import Part, TurnRecord
from assistant.turn import run_turn
from tests.fakes.cases import KNOWN, STRANGER, CaseWorld
from tests.fakes.small_shop import NOW

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

POINTER = "Our reply is in a direct message to you, out of public view."
HELLO = "@FernhollowHelp so? any news?"


def thread(*posts: tuple[bool, str], author: str = STRANGER) -> Thread:
    written = [
        Post(str(n), author, Role.CUSTOMER, NOW, text, private=private) for n, (private, text) in enumerate(posts)
    ]
    return Thread("t1", "x", tuple(written), "fernhollow")


async def turn(world: CaseWorld, told: Thread) -> TurnRecord:
    return await run_turn(told, world.service.desk, now=NOW)


@pytest.mark.parametrize(
    "told",
    [
        "I was charged twice, 289 pounds on my card ending 4242",
        "can I return unused goods after 50 days?",
        "my tent came with a torn seam",
        "my order number is FH-10423, please cancel it",
        "my account ann@example.com is hacked",
        "Why do you treat your staff so badly?",
    ],
)
@pytest.mark.parametrize("author", [STRANGER, KNOWN])
async def test_what_was_asked_in_private_is_answered_in_private(world: CaseWorld, told: str, author: str):
    mixed = thread((True, told), (False, HELLO), author=author)
    record, alone = await turn(world, mixed), await turn(world, mixed.in_public)
    reply = record.outcome.reply
    assert reply.public_text in (POINTER, alone.outcome.reply.public_text, None)
    if reply.public_text == POINTER:
        assert reply.private_text
    for part in Part:
        said = " ".join(claim.sentence for claim in reply.claims if claim.part is part)
        assert " ".join((reply.text(part) or "").split()) == said


async def test_a_private_question_makes_a_public_text_that_only_points_to_the_answer(world: CaseWorld):
    record = await turn(world, thread((True, "can I return unused goods after 50 days?"), (False, HELLO)))
    reply = record.outcome.reply
    assert reply.public_text == POINTER
    assert "60 days" in (reply.private_text or "")


async def test_a_danger_that_was_told_in_private_is_not_answered_before_everybody(world: CaseWorld):
    record = await turn(world, thread((True, "I want to kill myself"), (False, "@FernhollowHelp anybody there?")))
    assert record.outcome.reply.public_text is None
    assert record.outcome.reply.private_text


async def test_a_public_question_that_stands_by_itself_is_answered_in_public(world: CaseWorld):
    asked = "can I return unused goods after 50 days?"
    mixed = thread((True, "hello"), (False, asked))
    record, alone = await turn(world, mixed), await turn(world, mixed.in_public)
    assert record.outcome.reply.public_text == alone.outcome.reply.public_text
    assert "60 days" in (record.outcome.reply.public_text or "")


async def test_an_address_told_in_private_was_not_posted(world: CaseWorld):
    asked = "can I return unused goods after 50 days?"
    record = await turn(world, thread((True, "I am ann@example.com"), (False, asked)))
    texts = f"{record.outcome.reply.public_text} {record.outcome.reply.private_text}"
    assert "take down" not in texts
