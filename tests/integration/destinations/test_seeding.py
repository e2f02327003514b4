"""The folder decides until somebody changes a place in the database; what was changed is written back as a file."""

import pytest

from server.db import reading
from server.destinations.seeding import changed_file, load_entries
from server.settings import SHIPPED_KNOWLEDGE
from tests.fakes.cases import BRAND
from tests.integration.destinations.world import NEW, RECOVERY, DestinationWorld, shipped

MOVED = "https://www.fernhollow.example/account/back"


def moved(target: str = MOVED):
    """The folder with the recovery page at another address."""
    return [entry.model_copy(update={"target": target}) if entry.id == RECOVERY else entry for entry in shipped()]


async def target(world: DestinationWorld) -> str:
    return (await world.get(f"/{RECOVERY}")).json()["target"]


async def test_as_long_as_nobody_changed_it_the_file_decides(world: DestinationWorld):
    assert (await world.seed(moved())).changed == [RECOVERY]
    assert await target(world) == MOVED
    assert MOVED in await world.places.known(BRAND)
    gone = [entry for entry in shipped() if entry.id != RECOVERY]
    assert (await world.seed(gone)).gone == [RECOVERY]
    assert MOVED not in await world.places.known(BRAND)
    assert (await world.seed(moved())).changed == [RECOVERY]
    assert MOVED in await world.places.known(BRAND)


async def test_the_same_file_again_changes_nothing(world: DestinationWorld):
    again = await world.seed(shipped())
    assert (again.added, again.changed, again.gone, again.left) == ([], [], [], [])
    assert (await world.get(f"/{RECOVERY}")).json()["version"] == 1


async def test_what_somebody_changed_stays_and_its_file_is_told_of(
    world: DestinationWorld, caplog: pytest.LogCaptureFixture
):
    await world.change(RECOVERY, label="Account help")
    await world.post("", NEW)
    assert (await world.seed(moved())).left == [RECOVERY]
    assert RECOVERY in caplog.text
    told = (await world.get(f"/{RECOVERY}")).json()
    assert (told["label"], told["changed_here"], told["file_differs"]) == ("Account help", True, True)
    assert NEW["target"] in await world.places.known(BRAND), "what was added here is in no file"


async def test_what_somebody_retired_does_not_come_back_with_the_file(world: DestinationWorld):
    await world.retire(RECOVERY)
    assert (await world.seed(shipped())).left == [RECOVERY]
    assert (await world.get(f"/{RECOVERY}")).json()["retired_at"] is not None


async def test_a_folder_that_is_not_there_takes_nothing_out(world: DestinationWorld):
    assert (await world.seed([])).gone == []
    assert await world.places.known(BRAND)


async def test_what_was_changed_is_written_back_and_then_the_file_decides_again(world: DestinationWorld, tmp_path):
    async with reading(world.cases.engine) as session:
        assert await changed_file(session, SHIPPED_KNOWLEDGE) is None
    await world.change(RECOVERY, target=MOVED)
    await world.retire("fernhollow-repairs-en")
    async with reading(world.cases.engine) as session:
        text = await changed_file(session, SHIPPED_KNOWLEDGE)
    assert text is not None
    (tmp_path / "destinations.yaml").write_text(text, encoding="utf-8")
    written = load_entries(tmp_path)
    assert {entry.id for entry in written} == {entry.id for entry in shipped()} - {"fernhollow-repairs-en"}
    seeded = await world.seed(written)
    assert (seeded.changed, seeded.left) == ([], [])
    assert (await world.seed(moved("https://www.fernhollow.example/account/again"))).changed == [RECOVERY]
