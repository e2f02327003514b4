"""The installation's secret was changed: with the old one in the settings the audit goes on as if it had not been."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from server.audit import repository
from server.audit.cutting import cut
from server.audit.head import HeadFile
from server.audit.seals import Head, Seals
from server.audit.verifying import Verified, verify
from server.db import reading, writing
from server.secret import Secret
from server.settings import Settings
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.audit.conftest import Chain
from tests.integration.drafts.http import over_http

OLD, NEW, OLDEST = "0123456789abcdef" * 4, "fedcba9876543210" * 4, "5555aaaa" * 8


@pytest.fixture
def later(chain: Chain, tmp_path: Path):
    """The chain after the secret was changed, with these old ones in the settings."""

    def begin(*old: str) -> Chain:
        kept = tmp_path / "old-secrets"
        kept.write_text("\n".join(("", *old)) + "\n", encoding="utf-8")
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DESKSIDE_OLD_SECRETS_FILE", str(kept))
            seals = Seals.of_settings(Settings(home=tmp_path, secret=NEW))
        return Chain(chain.engine, HeadFile(chain.head.path, seals), seals, chain.now)

    return begin


async def looked_at(chain: Chain) -> Verified:
    return await verify(chain.engine, chain.seals, chain.head, now=chain.now)


async def test_the_head_goes_on_and_the_whole_chain_is_verified(chain: Chain, later):
    await chain.happen(3)
    after = later(OLDEST, OLD)
    await after.happen(2)
    found = await looked_at(after)
    assert (found.whole, found.last) == (True, 5)
    head = after.head.read()
    assert head is not None
    assert head.number == 5
    assert Seals.of_settings(Settings(secret=NEW)).read_head(after.head.path.read_text()) == head, (
        "by the new one alone"
    )


async def test_without_the_old_one_nothing_from_before_is_ours(chain: Chain, later):
    await chain.happen(3)
    after = later()
    await after.happen(2)
    found = await looked_at(after)
    assert [problem.number for problem in found.problems if problem.number] == [1, 2, 3]
    assert "holds no head of this installation" in str(found.problems)


async def test_rows_from_before_are_cut_when_their_time_has_come(chain: Chain, later):
    await chain.happen(3)
    after = later(OLD)
    after.later(days=30)
    await after.happen(2)
    assert await cut(after.engine, after.seals, now=after.now, keep=timedelta(days=20)) == 3
    await after.ledger.place_all(after.engine)
    assert (await looked_at(after)).whole
    assert (await looked_at(later())).whole, "what is left was sealed by the new one"


async def forge_cut(chain: Chain, number: int) -> None:
    """What somebody does who has the database and the old secret: the rows up to this one were never there."""
    forger = Seals.of(Secret.of_text(OLD))
    async with reading(chain.engine) as session:
        row = await repository.find(session, number)
    assert row is not None
    async with writing(chain.engine) as session:
        await repository.cut(session, forger.cut(row, chain.now))


async def test_who_has_the_old_secret_cuts_nothing_that_was_sealed_with_the_new_one(chain: Chain, later):
    await chain.happen(2)
    after = later(OLD)
    await after.happen(3)
    await forge_cut(after, 3)
    [problem] = (await looked_at(after)).problems
    assert "the cut before row 4 was made with an old secret" in problem.words
    after.later(days=30)
    assert await cut(after.engine, after.seals, now=after.now, keep=timedelta(days=20)) == 0


async def test_a_cut_from_before_stands_after_the_change(chain: Chain, later):
    await chain.happen(2)
    chain.later(days=30)
    await chain.happen(1)
    assert await cut(chain.engine, chain.seals, now=chain.now, keep=timedelta(days=20)) == 2
    after = later(OLD)
    await after.happen(2)
    assert (await looked_at(after)).whole


async def test_who_has_the_old_secret_writes_no_row_and_no_head_behind_the_new_ones(chain: Chain, later):
    await chain.happen(2)
    after = later(OLD)
    await after.happen(2)
    # as a process that was not stopped would; it leaves the head alone, which it cannot read
    await chain.happen(1)
    [problem] = (await looked_at(after)).problems
    assert "row 5 was sealed with an old secret, behind row 3" in problem.words
    last = (await chain.rows())[3]
    after.head.path.write_text(chain.seals.write_head(Head(4, last["seal"], chain.now.isoformat())))
    assert "its row 4 was not" in " ".join(problem.words for problem in (await looked_at(after)).problems)


async def test_that_all_is_sealed_with_old_secrets_is_noted(chain: Chain, later):
    await chain.happen(2)
    found = await looked_at(later(OLD))
    assert found.whole
    assert "rows to 2 are sealed with old secrets alone" in found.notes[-1].words


async def test_a_customer_is_found_under_the_digest_of_either_secret(chain: Chain, later, tmp_path: Path):
    await chain.happen(1, customer="C-0001")
    after = later(OLD)
    await after.happen(1, customer="C-0001")
    await after.happen(1, customer="C-0002")
    world = CaseWorld(chain.engine)
    world.service = replace(world.service, settings=Settings(home=tmp_path, secret=NEW, old_secrets=OLD))
    async with over_http(world) as desk:
        found = await desk.get(person("admin", Role.ADMIN, brands=["pine"]), "/audit", customer="C-0001")
    assert [row["number"] for row in found.json()["items"]] == [2, 1]
