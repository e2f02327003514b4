"""A saved reply in a draft: what fits, what is filled in, what cannot be sent, and what is counted."""

from dataclasses import replace
from datetime import timedelta

from server.db import writing
from server.models import DraftFactsRow, ImportRow, ProductRow, SavedReplyUseRow
from server.staff.roles import Permission
from tests.fakes.cases import STRANGER
from tests.integration.promises.world import OTHER
from tests.integration.saved_replies.world import ASKED, FORM, HEAD, NEW, ON_SQLITE, SOCIAL, THEIRS, ReplyWorld

PRIVATE = "Hi {{customer_first_name}}, your order {{order_number}} {{order_status}}. – {{agent_name}} of {{brand_name}}"


async def test_what_fits_the_language_channel_and_part_is_offered_first_and_why_not_is_told(world: ReplyWorld):
    await world.add(id="a-mastodon", title="a", shortcut=None, channels=["mastodon"])
    await world.add(id="b-german", title="b", shortcut=None, texts={"de": {"public": "Hallo {{customer_handle}}."}})
    await world.add(id="c-private", title="c", shortcut=None, texts={"en": {"private": PRIVATE}})
    await world.add(id="d-fits", title="d", shortcut=None)
    await world.add(id="e-over", title="e", shortcut=None, expires_on="2026-11-20")
    draft = await world.cases.asked(ASKED, STRANGER)
    world.cases.now += timedelta(days=1)
    assert [(one["id"], one["usable"], one["misfits"]) for one in await world.offered(draft)] == [
        ("d-fits", True, []), ("b-german", True, ["language"]), ("a-mastodon", False, ["channel"]),
        ("c-private", False, ["part"]),
    ]  # fmt: skip
    private = {one["id"]: one for one in await world.offered(draft, "private")}["c-private"]
    assert (private["usable"], private["misfits"]) == (True, ["not_verified"])
    for name, code in (("a-mastodon", "not_here"), ("c-private", "not_here"), ("e-over", "saved_reply_over")):
        assert (await world.fill(draft, name)).json()["code"] == code
    assert (await world.fill(draft, "d-fits", who=THEIRS)).status_code == 404


@ON_SQLITE
async def test_a_verified_customer_is_told_their_order_in_private(world: ReplyWorld):
    await world.add(texts={"en": {"private": PRIVATE}})
    draft = await world.cases.asked(ASKED)
    filled = (await world.fill(draft, part="private")).json()
    assert filled["text"] == "Hi Ann, your order FH-10423 is partly on its way. – Social of Fernhollow"
    assert filled["unfilled"] == []


@ON_SQLITE
async def test_nothing_of_a_record_is_told_to_whom_nobody_knows(world: ReplyWorld):
    await world.add(texts={"en": {"private": PRIVATE}})
    draft = await world.cases.asked("where is my order FH-10423?", STRANGER)
    filled = (await world.fill(draft, part="private")).json()
    assert [(one["variable"], one["words"]) for one in filled["unfilled"]] == [
        ("customer_first_name", "they have not signed with a name"),
        ("order_number", "it is not certain enough who writes"),
        ("order_status", "it is not certain enough who writes"),
    ]
    assert "{{order_number}} {{order_status}}" in filled["text"]


@ON_SQLITE
async def test_a_product_is_named_as_the_customer_wrote_it_and_a_link_is_the_known_place(world: ReplyWorld):
    async with writing(world.cases.engine) as session:
        session.add(ImportRow(id=1, source="tests", started_at=world.cases.now, switched_at=world.cases.now))
        await session.flush()
        session.add(ProductRow(import_id=1, id="P-9", brand="fernhollow", title="Ridgeline 2", variants=[]))
    await world.add(texts={"en": {"public": "Sorry about your {{product}}. Look here: {{link_secure_form}}"}})
    draft = await world.cases.asked("my RIDGELINE 2 leaks", STRANGER)
    assert (await world.fill(draft)).json()["text"] == f"Sorry about your RIDGELINE 2. Look here: {FORM}"
    other = await world.cases.asked("my tent leaks", "somebody.else")
    assert [one["variable"] for one in (await world.fill(other)).json()["unfilled"]] == ["product"]


@ON_SQLITE
async def test_what_is_not_filled_in_is_not_sent_by_anybody(world: ReplyWorld):
    await world.add(texts={"en": {"public": "Hi {{customer_first_name}}, thank you for telling us."}})
    draft = await world.cases.asked("my tent leaks", STRANGER)
    saved = await world.put_in(draft)
    assert [one["rule"] for one in saved.json()["findings"]] == ["markup"]
    for more in ({}, {"override": "it has to go"}):
        refused = await world.desk.decide(HEAD, draft.id, "approve", confirmed=True, **more)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_filled_in")
        assert refused.json()["details"]["variables"] == ["customer_first_name"]
    sent = await world.desk.decide(
        HEAD, draft.id, "approve", confirmed=True, public_text="Hi, thank you for telling us."
    )
    assert sent.json()["state"] == "approved", sent.text


@ON_SQLITE
async def test_the_drafts_checks_read_it_as_anybodys_words(world: ReplyWorld):
    await world.add()
    draft = await world.cases.asked(ASKED, STRANGER)
    changed = await world.put_in(draft, "Hi there, we will refund you £500 tomorrow.")
    assert "promise" in {one["rule"] for one in changed.json()["findings"]}


async def test_what_was_sent_from_it_is_counted_apart(world: ReplyWorld):
    await world.add()
    for author, text in (("one", None), ("two", "Hi @two, thank you so very much for telling us."), ("three", "Bye.")):
        draft = await world.cases.asked("my tent leaks", author)
        assert (await world.put_in(draft, text)).status_code == 200
        sent = await world.desk.decide(HEAD, draft.id, "approve", confirmed=True, override="known")
        assert sent.status_code == 200, sent.text
        if sent.json()["state"] != "approved":
            await world.desk.decide(OTHER, draft.id, "approve", confirmed=True, override="known")
        await world.cases.pass_time(timedelta(minutes=1))
    uses = {row.draft: row for row in await world.cases.rows(SavedReplyUseRow)}
    facts = {row.draft: row.used for row in await world.cases.rows(DraftFactsRow)}
    told = sorted((facts[draft], row.sent_at is not None, bool(row.changed)) for draft, row in uses.items())
    assert told == [("heavy", False, False), ("saved_reply", True, False), ("saved_reply", True, True)]
    seen = await world.get(f"/{NEW['id']}")
    assert (seen["sent"], seen["sent_changed"]) == (2, 1)
    world.cases.now += timedelta(days=31)
    assert (await world.get(f"/{NEW['id']}"))["sent"] == 0


@ON_SQLITE
async def test_a_draft_with_it_in_both_parts_is_counted_once(world: ReplyWorld):
    await world.add()
    draft = await world.cases.asked("my tent leaks", "one")
    async with writing(world.cases.engine) as session:
        for part in ("public", "private"):
            use = {"draft": draft.id, "part": part, "saved_reply": NEW["id"], "brand": draft.brand, "version": 1}
            by = {"language": "en", "staff": HEAD.id, "at": world.cases.now, "sent_at": world.cases.now}
            session.add(SavedReplyUseRow(**use, **by, changed=True))
    seen = await world.get(f"/{NEW['id']}")
    assert (seen["sent"], seen["sent_changed"]) == (1, 1)


async def test_a_use_names_a_saved_reply_that_there_is(world: ReplyWorld):
    await world.add()
    draft = await world.cases.asked(ASKED)
    use = {"saved_reply": NEW["id"], "version": 7, "language": "en", "part": "public"}
    refused = await world.desk.decide(SOCIAL, draft.id, "edit", public_text="Hello.", saved_replies=[use])
    assert refused.json()["code"] == "no_such_saved_reply"
    assert await world.cases.rows(SavedReplyUseRow) == []


@ON_SQLITE
async def test_a_name_and_a_product_written_to_us_alone_are_not_put_into_what_everyone_sees(world: ReplyWorld):
    async with writing(world.cases.engine) as session:
        session.add(ImportRow(id=1, source="tests", started_at=world.cases.now, switched_at=world.cases.now))
        await session.flush()
        session.add(ProductRow(import_id=1, id="P-9", brand="fernhollow", title="Ridgeline 2", variants=[]))
    said = "Hi {{customer_first_name}}, we are looking at your {{product}}."
    await world.add(texts={"en": {"public": said, "private": said}})
    await world.cases.post("my Ridgeline 2 leaks\n– Ann", STRANGER, private_to="FernhollowHelp")
    draft = await world.cases.drafted("is anybody there?", STRANGER)
    filled = (await world.fill(draft)).json()
    assert [one["variable"] for one in filled["unfilled"]] == ["customer_first_name", "product"]
    private = (await world.fill(draft, part="private")).json()
    assert private["text"] == "Hi Ann, we are looking at your Ridgeline 2."


@ON_SQLITE
async def test_a_token_for_saved_replies_alone_reads_nothing_of_a_case(world: ReplyWorld):
    await world.add()
    draft = await world.cases.asked(ASKED)
    machine = replace(SOCIAL, role=None, permissions=frozenset({Permission.READ_SAVED_REPLIES}))
    refused = await world.fill(draft, part="private", who=machine)
    listed = await world.desk.get(machine, f"/drafts/{draft.id}/saved-replies")
    for answer in (refused, listed):
        assert (answer.status_code, answer.json()["details"]["permission"]) == (403, "cases:read")
