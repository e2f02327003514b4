"""The accounts that Deskside speaks as."""

import asyncio

import pytest
from sqlmodel import select

from server.channels.accounts import load_accounts, remove_account, seed_accounts
from server.channels.repository import list_accounts
from server.db import reading, writing
from server.models import AccountRow, EventRow, JobRow
from server.settings import SHIPPED_KNOWLEDGE
from server.staff.roles import Role

NEW = {"id": "fernhollow-helpdesk", "brand": "fernhollow", "channel": "x", "adapter": "webhook", "handle": "fernhollow"}


async def test_the_file_is_taken_over_once_and_then_the_database_counts(channels):
    entries = load_accounts(SHIPPED_KNOWLEDGE)
    async with writing(channels.engine) as session:
        assert len(await seed_accounts(session, entries, channels.now)) == 6
    async with writing(channels.engine) as session:
        await remove_account(session, "fernhollow-bluesky", channels.now)
        assert await seed_accounts(session, entries, channels.now) == []
    async with reading(channels.engine) as session:
        assert "fernhollow-bluesky" not in {row.id for row in await list_accounts(session)}


async def test_each_sees_the_accounts_of_their_brands(channels, door):
    channels.sign_in(Role.DRAFTS_ONLY, "tarnlight")
    answer = await door.http.get("/accounts")
    assert [(row["id"], row["open_now"]) for row in answer.json()["items"]] == [("tarnlight-x", True)]
    assert "settings" not in answer.text


async def test_accounts_are_listed_page_by_page(channels, door):
    async with writing(channels.engine) as session:
        await seed_accounts(session, load_accounts(SHIPPED_KNOWLEDGE), channels.now)
    channels.sign_in(Role.ADMIN, "fernhollow")
    whole = [row["id"] for row in (await door.http.get("/accounts")).json()["items"]]
    first = (await door.http.get("/accounts", params={"limit": 2})).json()
    rest = (await door.http.get("/accounts", params={"cursor": first["next"]})).json()
    assert len(first["items"]) == 2
    assert [row["id"] for row in (*first["items"], *rest["items"])] == whole
    assert rest["next"] is None


async def test_an_admin_adds_an_account_and_its_network_is_asked(channels, door):
    answer = await door.http.post("/accounts", json={**NEW, "adapter": "simulated"})
    assert answer.status_code == 201, answer.text
    assert [job.lane for job in await channels.all(JobRow)] == ["poll:fernhollow-helpdesk"]
    assert [event.kind for event in await channels.all(EventRow)] == ["account.added"]
    again = await door.http.post("/accounts", json=NEW)
    assert (again.status_code, again.json()["code"]) == (409, "account_exists")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"brand": "tarnlight"}, 404),
        ({"adapter": "telex"}, 422),
        ({"settings": {"url": "file:///x"}}, 422),
        ({"settings": {"url": "http://169.254.169.254/latest/meta-data/"}}, 422),
        ({"settings": {"url": "http://[::1]:8000/"}}, 422),
    ],
)
async def test_an_account_that_cannot_be_is_not_added(channels, door, changes, status):
    before = len(await channels.all(AccountRow))
    assert (await door.http.post("/accounts", json={**NEW, **changes})).status_code == status
    assert len(await channels.all(AccountRow)) == before


async def test_only_who_manages_accounts_adds_and_removes_them(channels, door):
    channels.sign_in(Role.SUPERVISOR)
    assert (await door.http.post("/accounts", json=NEW)).status_code == 403
    assert (await door.http.delete("/accounts/fernhollow-x")).status_code == 403


async def test_another_brands_account_is_not_removed(channels, door):
    assert (await door.http.delete("/accounts/tarnlight-x")).status_code == 404


async def test_processes_that_start_together_take_the_file_over_once(channels):
    entries = load_accounts(SHIPPED_KNOWLEDGE)

    async def start() -> int:
        async with writing(channels.engine) as session:
            return len(await seed_accounts(session, entries, channels.now))

    assert sum(await asyncio.gather(*(start() for _ in range(4)))) == 6


LATE_HOURS = {"time_zone": "Europe/London", "open": {"mon": ["12:00-20:00"]}, "answer_within_minutes": 60}


async def put_hours(door, account: str, **body):
    return await door.http.put(f"/accounts/{account}/hours", json=body)


async def test_hours_are_changed_by_who_read_the_ones_that_stand(channels, door):
    channels.sign_in(Role.ADMIN, "fernhollow")
    was = next(
        row["hours"] for row in (await door.http.get("/accounts")).json()["items"] if row["id"] == "fernhollow-x"
    )
    changed = await put_hours(door, "fernhollow-x", hours=LATE_HOURS, was=was)
    assert (changed.status_code, changed.json()["hours"]["open"]) == (200, {"mon": ["12:00-20:00"]})
    late = await put_hours(door, "fernhollow-x", hours={}, was=was)
    assert (late.status_code, late.json()["code"]) == (409, "hours_changed")
    assert late.json()["details"]["hours"]["answer_within_minutes"] == 60
    async with reading(channels.engine) as session:
        [event] = (await session.exec(select(EventRow).where(EventRow.kind == "account.hours_changed"))).all()
    assert (event.subject, event.brand, set(event.data)) == ("fernhollow-x", "fernhollow", {"by"})


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"open": {"mon": ["20:00-08:00"]}}, "ends before it begins"),
        ({"open": {"monday": ["08:00-20:00"]}}, "'monday' is no day"),
        ({"open": {}}, "no day has opening hours"),
        ({"time_zone": "London"}, "is no time zone"),
        ({"on_call": [{"team": "nobody", "contact": "1"}]}, "nothing is handed over to nobody"),
    ],
)
async def test_hours_at_which_nobody_could_be_reached_are_refused_in_words(channels, door, hours, words):
    channels.sign_in(Role.ADMIN, "fernhollow")
    was = next(
        row["hours"] for row in (await door.http.get("/accounts")).json()["items"] if row["id"] == "fernhollow-x"
    )
    refused = await put_hours(door, "fernhollow-x", hours=hours, was=was)
    assert refused.status_code == 422
    assert words in refused.text


async def test_hours_of_another_brands_account_are_none_that_there_are(channels, door):
    channels.sign_in(Role.ADMIN, "fernhollow")
    told = [await put_hours(door, account, hours={}, was={}) for account in ("tarnlight-x", "nowhere")]
    assert [(answer.status_code, answer.json()["code"]) for answer in told] == [(404, "no_such_account")] * 2
