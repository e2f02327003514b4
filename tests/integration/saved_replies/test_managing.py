"""Saved replies are written by who may, checked before anybody uses them, and known in all their versions."""

import asyncio
from datetime import timedelta

from server.db import reading, writing
from server.models import EventRow, SavedReplyRow
from server.saved_replies.seeding import changed_file, load_entries, seed_saved_replies
from server.settings import SHIPPED_KNOWLEDGE
from tests.integration.saved_replies.world import DRAFTS_ONLY, HEAD, NEW, ON_SQLITE, SOCIAL, THEIRS, ReplyWorld


async def test_it_is_written_changed_and_retired_with_who_and_why(world: ReplyWorld):
    added = await world.add()
    assert (added.status_code, added.json()["version"], added.json()["changed_by"]["id"]) == (201, 1, HEAD.id)
    changed = await world.change(NEW["id"], title="Hello", why="shorter")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    late = await world.change(NEW["id"], version=1)
    assert (late.json()["code"], late.json()["details"]) == ("saved_reply_changed", {"version": 2})
    retired = await world.post(f"/{NEW['id']}/retire", {"version": 2, "reason": "nobody greets so"})
    assert retired.json()["retire_reason"] == "nobody greets so"
    versions = await world.get(f"/{NEW['id']}/versions")
    assert [(one["number"], one["why"], one["by"]["id"]) for one in versions] == [
        (3, "nobody greets so", HEAD.id), (2, "shorter", HEAD.id), (1, "new", HEAD.id)
    ]  # fmt: skip
    assert [one["said"] and one["said"]["title"] for one in versions] == [None, "Hello", "A greeting"]
    assert (await world.get())["items"] == []
    assert [one["id"] for one in (await world.get(retired=True))["items"]] == [NEW["id"]]
    assert (await world.add()).json()["code"] == "saved_reply_exists"
    [event] = await world.cases.rows(EventRow, kind="saved_reply.changed")
    assert (event.subject, event.brand, event.data) == (NEW["id"], "fernhollow", {"by": HEAD.id, "version": 2})


async def test_who_works_on_drafts_reads_and_writes_none_and_another_brands_is_none(world: ReplyWorld):
    assert (await world.add(SOCIAL)).status_code == 403
    await world.add()
    assert (await world.get(f"/{NEW['id']}", DRAFTS_ONLY))["team"] == "orders"
    assert (await world.desk.get(THEIRS, f"/saved-replies/{NEW['id']}")).json()["code"] == "no_such_saved_reply"
    assert (await world.change(NEW["id"], THEIRS)).status_code == 404
    assert (await world.add(THEIRS, id="another")).status_code == 404


REFUSED = [
    ("texts", {}, "says nothing"),
    ("texts.en.public", "Hi {{customer_email}}.", "there is no variable {{customer_email}}"),
    ("texts.en.public", "Your order {{order_number}} is fine.", "the customer's own and stands in the private"),
    ("texts.en.public", "Hi {customer}, hi {{you there}}.", "holds braces that are no variable"),
    ("texts.en.public", "Call {{link_phone}} now.", "has no phone to send customers to"),
    ("texts.en.public", "Look at https://evil.example/help please.", "is no known destination"),
    ("texts.en.public", "Thank you. " * 30, "280 fit: shorten it"),
    ("texts.en.public", "Unfortunately we are closed.", "is a word that Fernhollow does not use"),
    ("texts.en.public", "We will refund you £20 tomorrow.", "nobody vouches for this promise"),
    ("texts.en.public", "You have 90 days to send unused gear back.", "90 days is not in the sources"),
    ("texts.en.public", "Hel\u202elo there.", "holds a sign that nobody sees"),
    ("channels", ["x", "myspace"], "“myspace” is no channel of fernhollow"),
    ("shortcut", "Two words", "small letters, digits and hyphens"),
    ("expires_on", "2026-11-19", "is over; name a day to come"),
]


@ON_SQLITE
async def test_what_could_not_be_sent_is_refused_in_words_at_its_field(world: ReplyWorld):
    for field, value, words in REFUSED:
        part = field.partition(".")[2]
        fields = {"texts": {"en": {part.partition(".")[2]: value}}} if part else {field: value}
        refused = await world.add(**fields)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_a_saved_reply"), refused.text
        faults = refused.json()["details"]["faults"]
        assert {fault["field"] for fault in faults} == {field}
        assert any(words in fault["words"] for fault in faults), faults
    assert await world.cases.rows(SavedReplyRow) == []


async def test_two_of_a_brand_do_not_share_a_shortcut(world: ReplyWorld):
    await world.add()
    refused = await world.add(id="another")
    assert refused.json()["details"]["faults"] == [
        {"field": "shortcut", "words": "stands for “A greeting” already; choose another"}
    ]
    assert (await world.add(id="another", shortcut="hi")).status_code == 201
    taken = await world.change("another")
    assert taken.json()["details"]["faults"] == refused.json()["details"]["faults"]
    assert (await world.post(f"/{NEW['id']}/retire", {"version": 1, "reason": "nobody greets so"})).status_code == 200
    assert (await world.change("another")).status_code == 200, "what is retired keeps its shortcut from nobody"


async def test_of_two_who_give_a_shortcut_at_the_same_moment_one_is_refused(world: ReplyWorld):
    for name in ("one", "two"):
        assert (await world.add(id=name, shortcut=name)).status_code == 201
    added = await asyncio.gather(world.add(id="three"), world.add(id="four"))
    changed = await asyncio.gather(*(world.change(name, shortcut="hey") for name in ("one", "two")))
    for answers, done in ((added, 201), (changed, 200)):
        assert sorted(answer.status_code for answer in answers) == [done, 422]
        [refused] = [answer.json() for answer in answers if answer.status_code == 422]
        assert (refused["code"], [fault["field"] for fault in refused["details"]["faults"]]) == (
            "not_a_saved_reply",
            ["shortcut"],
        )
    assert len({row.shortcut for row in await world.cases.rows(SavedReplyRow)}) == 3


async def test_a_file_may_exchange_shortcuts_and_takes_none_that_was_given_away_here(world: ReplyWorld):
    one, two = (one.model_copy(update={"shortcut": None}) for one in load_entries(SHIPPED_KNOWLEDGE)[:2])

    async def seed(first: str, second: str) -> dict[str, str | None]:
        entries = [one.model_copy(update={"shortcut": first}), two.model_copy(update={"shortcut": second})]
        async with writing(world.cases.engine) as session:
            assert not (await seed_saved_replies(session, entries, world.cases.now)).left
        return {row.id: row.shortcut for row in await world.cases.rows(SavedReplyRow)}

    assert await seed("a", "b") == {one.id: "a", two.id: "b"}
    assert await seed("b", "a") == {one.id: "b", two.id: "a"}
    await world.add(shortcut="c")
    for _ in range(2):
        assert await seed("c", "b") == {one.id: None, two.id: "b", NEW["id"]: "c"}
    assert (await world.get(f"/{one.id}"))["version"] == 3


async def test_what_expires_soon_is_listed_first_and_what_is_over_last(world: ReplyWorld):
    for name, day in (("b-late", None), ("c-soon", "2026-11-27"), ("d-over", "2026-11-20"), ("a-far", "2027-01-31")):
        added = await world.add(id=name, title=name, shortcut=None, expires_on=day)
        assert added.status_code == 201, added.text
    german = {"de": {"public": "Hallo {{customer_handle}}, danke."}}
    await world.add(id="e-german", title="e", shortcut=None, team="repairs", texts=german)
    world.cases.now += timedelta(days=1)
    first = await world.get(limit=2)
    listed = first["items"] + (await world.get(cursor=first["next"], limit=4))["items"]
    assert [(one["id"], one["expires_soon"], one["over"]) for one in listed] == [
        ("c-soon", True, False), ("a-far", False, False), ("b-late", False, False), ("e-german", False, False),
        ("d-over", False, True),
    ]  # fmt: skip
    assert [one["id"] for one in (await world.get(team="repairs"))["items"]] == ["e-german"]
    assert [one["id"] for one in (await world.get(language="de"))["items"]] == ["e-german"]


async def test_the_folder_decides_until_somebody_changes_one_and_is_written_back(world: ReplyWorld, tmp_path):
    shipped = load_entries(SHIPPED_KNOWLEDGE)
    async with writing(world.cases.engine) as session:
        assert len((await seed_saved_replies(session, shipped, world.cases.now)).added) == len(shipped)
    name = "fernhollow-thanks"
    moved = [
        one.model_copy(update={"title": "Thanks"}) if one.id == name else one for one in shipped if "tarn" not in one.id
    ]
    async with writing(world.cases.engine) as session:
        seeded = await seed_saved_replies(session, moved, world.cases.now)
        assert (seeded.changed, len(seeded.gone)) == ([name], 3)
        assert await changed_file(session, SHIPPED_KNOWLEDGE) is not None
    assert [one["why"] for one in await world.get(f"/{name}/versions")] == ["the knowledge folder says so"] * 2
    assert (await world.change(name, version=2, shortcut="hey", title="Mine")).status_code == 200
    async with writing(world.cases.engine) as session:
        assert (await seed_saved_replies(session, shipped, world.cases.now)).left == [name]
    assert (await world.get(f"/{name}"))["file_differs"] is True
    async with reading(world.cases.engine) as session:
        text = await changed_file(session, SHIPPED_KNOWLEDGE)
    assert text is not None
    (tmp_path / "saved_replies.yaml").write_text(text, encoding="utf-8")
    written = load_entries(tmp_path)
    assert {one.id: one.title for one in written}[name] == "Mine"
    async with writing(world.cases.engine) as session:
        await seed_saved_replies(session, written, world.cases.now)
    assert (await world.get(f"/{name}"))["changed_here"] is False
