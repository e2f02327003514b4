"""The approver's initials stand at the end of what is sent; they are counted, approved with it, and never doubled."""

from collections.abc import AsyncIterator

import pytest

from assistant.outcome import Part
from server.channels.accounts import change_initials
from server.db import writing
from server.drafts import review
from server.drafts.deciding import OtherWords
from server.drafts.signing import ending
from server.models import ApprovalRow, DraftRow, PromiseRow, PublicationRow
from server.publications.arriving import arrive
from server.publications.states import PublicationState
from server.publications.withdrawing import correct
from server.staff.roles import Caller, Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.integration.drafts.http import Desk, over_http
from tests.integration.drafts.reviewing import LATE, LOOKED, RETURNS

ROBIN = person("supervisor", Role.SUPERVISOR, initials="RV")
ANN = person("supervisor-2", Role.SUPERVISOR, initials="AM")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
async def signed(world: CaseWorld) -> CaseWorld:
    """Its account's texts are signed."""
    await sign(world, "^{initials}")
    return world


@pytest.fixture
async def desk(signed: CaseWorld) -> AsyncIterator[Desk]:
    async with over_http(signed) as desk:
        yield desk


async def sign(world: CaseWorld, form: str | None) -> None:
    async with writing(world.engine) as session:
        await change_initials(
            session, "account_x", form, now=world.now, by="staff_admin", brands=frozenset(["fernhollow"])
        )


async def approve(world: CaseWorld, draft: str, by: Caller, **texts: str | None) -> DraftRow:
    words = {Part(part): text for part, text in texts.items()}
    return await review.approve(world.service, by, draft, await world.seen(draft, by), LOOKED, words)


async def sent_as(world: CaseWorld, draft: str, part: str = "public") -> PublicationRow:
    rows = [row for row in await world.rows(PublicationRow, draft=draft, part=part) if row.state != "withdrawn"]
    [row] = rows
    return row


async def let_arrive(world: CaseWorld, draft: str, part: str) -> None:
    row = await sent_as(world, draft, part)
    async with writing(world.engine) as session:
        row = await session.get_one(PublicationRow, row.id)
        row.state = PublicationState.SENDING
        await arrive(session, row, f"n-{row.id}", world.now)


async def test_what_is_approved_and_sent_is_the_text_with_the_initials(signed: CaseWorld):
    draft = await signed.drafted(RETURNS, STRANGER)
    seen = await signed.seen(draft.id, ROBIN)
    await approve(signed, draft.id, ROBIN)
    sent = await sent_as(signed, draft.id)
    [approval] = await signed.rows(ApprovalRow, draft=draft.id)
    assert (sent.text, sent.words) == (f"{draft.public_text} ^RV", draft.public_text)
    assert sent.digest == approval.digest == seen.digests["public"]
    assert (await signed.draft(draft.id)).public_text == draft.public_text
    await sign(signed, None)
    assert await signed.seen(draft.id, ANN) == await signed.seen(draft.id, ROBIN)
    assert (await signed.seen(draft.id, ANN)).digests == seen.digests


async def test_nobody_approves_what_another_would_sign_or_what_is_signed_otherwise_by_now(signed: CaseWorld):
    draft = await signed.drafted(RETURNS, STRANGER)
    for seen, form in ((await signed.seen(draft.id, ANN), "^{initials}"), (await signed.seen(draft.id, ROBIN), None)):
        await sign(signed, form)
        with pytest.raises(OtherWords):
            await review.approve(signed.service, ROBIN, draft.id, seen, LOOKED)
    assert not await signed.rows(PublicationRow, draft=draft.id)


async def test_the_second_yes_is_to_the_first_ones_text_and_an_edit_is_signed_by_who_made_it(signed: CaseWorld):
    draft = await signed.drafted("The stove exploded and burned my hand, I am in hospital", STRANGER)
    for text, first, second, initials in (
        ("Please call us, we want to help.", ROBIN, ANN, "RV"),
        ("Please ring us, we want to help.", ANN, ROBIN, "AM"),
    ):
        if draft.state != "pending":
            draft = await review.release(
                signed.service, first, draft.id, await signed.seen(draft.id, first), "I know them"
            )
        await approve(signed, draft.id, first, public=text)
        done = await approve(signed, draft.id, second)
        assert (await sent_as(signed, draft.id)).text == f"{text} ^{initials}"
        standing = [row for row in await signed.rows(ApprovalRow, draft=draft.id) if row.voided_at is None]
        assert sorted((row.step, row.signature) for row in standing) == [(1, f" ^{initials}"), (2, f" ^{initials}")]
        assert len({row.digest for row in standing}) == 1
        draft = await review.edit(
            signed.service, ANN, done.id, await signed.seen(done.id, ANN), {Part.PUBLIC: "Please call."}
        )
        assert all(row.voided_at for row in await signed.rows(ApprovalRow, draft=draft.id))


async def test_initials_that_somebody_has_typed_are_not_doubled(signed: CaseWorld):
    draft = await signed.drafted(RETURNS, STRANGER)
    for typed in ("You have 60 days. ^RV", "You have 60 days. - rv", "You have 60 days. (RV)"):
        await approve(signed, draft.id, ROBIN, public=typed)
        assert (await sent_as(signed, draft.id)).text == typed
        await review.take_back(signed.service, ROBIN, draft.id, await signed.seen(draft.id, ROBIN), "once more")
    for others in ("You have 60 days. ^AM", "See our GRV", "Size RV"):
        assert ending(others, "RV", "^{initials}") == " ^RV"
    assert ending("You have 60 days.", "RV", "– {initials}") == " – RV"
    assert ending("You have 60 days.", "", "^{initials}") == ending("You have 60 days.", "RV", None) == ""


async def test_what_one_has_sent_is_not_sent_again_by_another(signed: CaseWorld):
    draft = await signed.drafted(LATE)
    await approve(signed, draft.id, ROBIN)
    await let_arrive(signed, draft.id, "private")
    await review.take_back(signed.service, ANN, draft.id, await signed.seen(draft.id, ANN), "wait")
    await approve(signed, draft.id, ANN, public="Please see your messages.")
    assert (await sent_as(signed, draft.id)).text == "Please see your messages. ^AM"
    assert (await sent_as(signed, draft.id, "private")).signature == " ^RV"
    new = await review.redraft(signed.service, ANN, draft.id, await signed.seen(draft.id, ANN), None)
    await signed.work()
    assert (await signed.draft(new.id)).private_text == draft.private_text
    await approve(signed, new.id, ANN)
    assert [row.part for row in await signed.rows(PublicationRow, draft=new.id)] == ["public"]


async def test_promises_and_corrections_are_of_the_words_alone(signed: CaseWorld):
    draft = await signed.drafted(RETURNS, STRANGER)
    await approve(signed, draft.id, ROBIN, public="You have 60 days. We will write to you tomorrow")
    await let_arrive(signed, draft.id, "public")
    [promise] = await signed.rows(PromiseRow, draft=draft.id)
    assert promise.said == "We will write to you tomorrow"
    async with writing(signed.engine) as session:
        sent = await sent_as(signed, draft.id)
        again = await correct(session, sent.id, brands=ANN.brands, by=ANN.id, reason="it is Monday", now=signed.now)
    assert again.public_text == "You have 60 days. We will write to you tomorrow"


@ON_SQLITE
async def test_the_initials_are_counted_and_what_fits_only_without_is_not_approved(desk: Desk, signed: CaseWorld):
    draft = await signed.drafted(RETURNS, STRANGER)
    fits, too_long = "a" * 276, "a" * 277
    shown = (await desk.get(ROBIN, f"/drafts/{draft.id}")).json()
    assert shown["signatures"] == {"public": " ^RV"}
    for text, length, signature in ((fits, 280, " ^RV"), (too_long, 281, " ^RV"), ("Done ^rv", 8, "")):
        body = {"channel": "x", "part": "public", "text": text, "draft": draft.id}
        counted = (await desk.post(ROBIN, "/drafts/count", body)).json()
        assert counted == {"length": length, "limit": 280, "signature": signature}
    refused = await desk.decide(ROBIN, draft.id, "approve", confirmed=True, override="it is", public_text=too_long)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_long_signed")
    await desk.decide(ROBIN, draft.id, "edit", public_text=too_long)
    told = (await desk.get(ROBIN, f"/drafts/{draft.id}")).json()
    assert [found["rule"] for found in told["findings"]][-1] == "length_signed"
    assert "approve" in told["moves"]
    done = await desk.decide(ROBIN, draft.id, "approve", confirmed=True, override="it is", public_text=fits)
    assert done.status_code == 200, done.text
    done = await desk.decide(ANN, draft.id, "approve", confirmed=True) if done.json()["state"] != "approved" else done
    assert len((await sent_as(signed, draft.id)).text) == 280
