"""Who was erased is not brought back: by the shop's next import, nor by a network that tells old posts again."""

from functools import partial

import pytest
from sqlmodel import select

from server.audit.seals import Seals
from server.channels.intake import take
from server.channels.protocol import Incoming
from server.db import reading, writing
from server.models import AccountRow, CustomerRow, OrderRow, PostRow
from server.privacy.erasing import erase
from server.privacy.exporting import export
from server.privacy.subjects import Asked, NobodyToFind
from server.privacy.tombstones import ErasedMeanwhile, NobodyCanTell, erased_posts
from server.settings import Settings
from server.shop import staging_repository
from server.shop.importing import Imported, import_folder
from server.staff.people import operator
from tests.fakes.cases import BRAND, QUIET, CaseWorld
from tests.fakes.shop_files import write_shop

WHO = operator(frozenset({BRAND}))
HANDLES = [{"channel": "x", "handle": "anncanary", "known": "verified"}]
ANN = {"id": "C-77", "brand": BRAND, "name": "Ann Canary", "handles": HANDLES}
BOB = {"id": "C-78", "brand": BRAND, "name": "Bob Sparrow"}


def order(name: str, customer: str) -> dict[str, object]:
    line = {"id": "1", "title": "Tent", "quantity": 1, "unit_price": 100}
    return {"id": name, "customer": customer, "status": "delivered", "currency": "GBP", "lines": [line]}


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
async def shop(engine, tmp_path, settings):
    """A shop of two, of whom Ann is erased after she has written."""
    folder = write_shop(
        tmp_path / "shop", customers=[ANN, BOB], orders=[order("FH-71", "C-77"), order("FH-72", "C-78")]
    )
    await import_folder(engine, folder)
    world = await CaseWorld(engine).open()
    await world.post("my tent leaks and I am cross", author="AnnCanary")
    world.wait()
    await world.work()
    await erase(engine, settings, WHO, Asked("C-77"), reason="asked by letter", now=world.now)
    return world, folder


async def test_an_import_leaves_them_out_and_says_so(engine, shop, settings, tmp_path):
    _, folder = shop
    imported = await import_folder(engine, folder, seals=Seals.of_settings(settings))
    assert imported == Imported(customers=1, orders=1, left_out=2)
    orders_alone = write_shop(tmp_path / "orders", orders=[order("FH-73", "C-77")])
    assert (await import_folder(engine, orders_alone, seals=Seals.of_settings(settings))).left_out == 1
    async with reading(engine) as session:
        assert set(await session.exec(select(CustomerRow.id))) == {"C-78"}
        assert set(await session.exec(select(OrderRow.id))) == {"FH-72"}


async def test_an_import_that_cannot_tell_is_refused(engine, shop):
    _, folder = shop
    with pytest.raises(NobodyCanTell):
        await import_folder(engine, folder)


async def test_an_import_under_another_secret_needs_the_old_one(engine, shop, settings, tmp_path):
    _, folder = shop
    other = Settings(home=tmp_path / "other")
    with pytest.raises(NobodyCanTell):
        await import_folder(engine, folder, seals=Seals.of_settings(other))
    seals = Seals.of_settings(other, old_secrets=[settings.home / "secret"])
    assert (await import_folder(engine, folder, seals=seals)).left_out == 2


async def test_who_was_erased_stays_so_under_another_secret_that_knows_the_old_one(engine, shop, settings, tmp_path):
    world, folder = shop
    before = (settings.home / "secret").read_text(encoding="ascii")
    other = Settings(home=tmp_path / "other", old_secrets=before)
    assert (await import_folder(engine, folder, seals=Seals.of_settings(other))).left_out == 2
    old = Incoming("t1-1", "t1", "AnnCanary", "my tent leaks and I am cross", world.now)
    async with writing(engine) as session:
        account = await session.get(AccountRow, "account_x")
        assert account is not None
        told = await take(session, account, [old], world.now, quiet=QUIET, erased=partial(erased_posts, other))
    assert told == []


async def test_an_import_beside_an_erasure_changes_nothing(engine, shop, settings, monkeypatch):
    _, folder = shop
    real = staging_repository.switch

    async def switch(engine, import_id, check):
        await erase(engine, settings, WHO, Asked("C-78"), reason="asked by telephone", now=shop[0].now)
        await real(engine, import_id, check)

    monkeypatch.setattr(staging_repository, "switch", switch)
    with pytest.raises(ErasedMeanwhile):
        await import_folder(engine, folder, seals=Seals.of_settings(settings))
    async with reading(engine) as session:
        assert set(await session.exec(select(CustomerRow.id))) == set()


async def test_an_import_that_had_not_come_to_who_is_erased_leaves_nothing_of_them_behind(
    engine, tmp_path, settings, monkeypatch
):
    folder = write_shop(tmp_path / "shop", customers=[ANN, BOB], orders=[order("FH-72", "C-78")])
    await import_folder(engine, folder)
    real, now = staging_repository.load, (await CaseWorld(engine).open()).now

    async def load(engine, import_id, rows, pace):
        monkeypatch.setattr(staging_repository, "load", real)
        await erase(engine, settings, WHO, Asked("C-78"), reason="asked by telephone", now=now)
        await real(engine, import_id, rows, pace)

    monkeypatch.setattr(staging_repository, "load", load)
    with pytest.raises(ErasedMeanwhile):
        await import_folder(engine, folder, seals=Seals.of_settings(settings))
    async with reading(engine) as session:
        assert set(await session.exec(select(CustomerRow.id))) == {"C-77"}
        assert set(await session.exec(select(OrderRow.id))) == set()


async def test_a_network_that_tells_an_old_post_again_is_not_heard(engine, shop, settings):
    world, _ = shop
    old = Incoming("t1-1", "t1", "AnnCanary", "my tent leaks and I am cross", world.now)
    new = Incoming("t9-1", "t9", "AnnCanary", "hello, I am back", world.now)
    async with writing(engine) as session:
        account = await session.get(AccountRow, "account_x")
        assert account is not None
        told = await take(session, account, [old, new], world.now, quiet=QUIET, erased=partial(erased_posts, settings))
    assert len(told) == 1
    async with reading(engine) as session:
        texts = list(await session.exec(select(PostRow.text).where(PostRow.role == "customer")))
    assert sorted(texts) == ["", "hello, I am back"], "what they write from now on is new"


async def test_what_is_given_out_is_theirs_and_the_audit_keeps_that_it_was(engine, shop, settings):
    world, _ = shop
    seals = Seals.of_settings(settings)
    told = await export(engine, seals, WHO, Asked("C-78"), world.now)
    assert "Bob Sparrow" in str(told["tables"]["customers"])
    assert "FH-72" in str(told["tables"]["orders"])
    assert "Ann" not in str(told)
    with pytest.raises(NobodyToFind):
        await export(engine, seals, WHO, Asked("C-77"), world.now)
