import asyncio
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrieval.index import open_index
from retrieval.ingest import TwinDocuments
from retrieval.lock import FolderHeld, FolderLock
from retrieval.scope import Scope
from tests.fakes.vectors import HashEmbedding
from tests.unit.retrieval.conftest import Shelf, document

RETURNS = document("returns", "# Returns\n\nUnused tents may be sent back within sixty days.", category="returns")
WARRANTY = document("warranty", "# Warranty\n\nTorn seams of tents are repaired free of charge.", category="warranty")
GIFTS = document("gift-cards", "# Gift cards\n\nCards never expire and work in every store.", category="gift")


async def _ask(index, query, scope=None, limit=10):
    return [hit.found.document.id for hit in await index.search(query, scope=scope or Scope(), limit=limit)]


async def test_the_document_that_shares_the_words_comes_first(opened):
    index = await opened()
    await index.update(Shelf(RETURNS, WARRANTY, GIFTS))
    assert (await _ask(index, "torn seams repaired"))[0] == "warranty"
    assert (await _ask(index, "do gift cards expire"))[0] == "gift-cards"


async def test_what_was_indexed_is_there_after_reopening(opened):
    index = await opened()
    await index.update(Shelf(RETURNS, WARRANTY))
    before = await index.search("sixty days", scope=Scope(), limit=1)
    index = await opened()
    assert await index.search("sixty days", scope=Scope(), limit=1) == before


async def test_only_changed_documents_are_embedded_again(opened):
    index = await opened()
    await index.update(Shelf(RETURNS, WARRANTY))
    embedding = HashEmbedding()
    index = await opened(embedding)
    changed = replace(WARRANTY, text=WARRANTY.text.replace("free of charge", "at no cost"))
    update = await index.update(Shelf(RETURNS, changed))
    assert (update.written, update.removed, update.documents) == (1, 0, 2)
    assert not [text for text in embedding.vectors.texts if text.startswith("returns\nUnused")]
    assert (await index.search("seams", scope=Scope(), limit=1))[0].found.passage.text.endswith("at no cost.")


async def test_a_change_of_metadata_alone_counts(opened):
    index = await opened()
    await index.update(Shelf(RETURNS))
    assert (await index.update(Shelf(RETURNS))).written == 0
    assert (await index.update(Shelf(replace(RETURNS, audience="internal")))).written == 1


async def test_a_deleted_document_is_not_found_again(opened):
    index = await opened()
    await index.update(Shelf(RETURNS, WARRANTY))
    update = await index.update(Shelf(WARRANTY))
    assert update.removed == 1
    assert await _ask(index, "sixty days") == ["warranty"]
    assert await _ask(await opened(), "sixty days") == ["warranty"]


async def test_a_shortened_document_leaves_no_passages_behind(opened):
    index = await opened()
    await index.update(Shelf(replace(RETURNS, text="# Returns\n\n## A\nfirst\n\n## B\nsecond")))
    update = await index.update(Shelf(replace(RETURNS, text="# Returns\n\n## A\nfirst")))
    assert update.passages == 1
    assert (await (await opened()).update(Shelf(replace(RETURNS, text="# Returns\n\n## A\nfirst")))).passages == 1


async def test_an_emptied_index_finds_nothing(opened):
    index = await opened()
    await index.update(Shelf(RETURNS))
    await index.update(Shelf())
    assert await _ask(index, "tents") == []


async def test_two_documents_of_one_id_are_refused(opened):
    index = await opened()
    with pytest.raises(TwinDocuments, match="returns"):
        await index.update(Shelf(RETURNS, RETURNS))


async def test_another_model_rebuilds_everything(opened, caplog):
    index = await opened()
    await index.update(Shelf(RETURNS, WARRANTY))
    other = HashEmbedding("other", dimensions=32)
    index = await opened(other)
    assert await _ask(index, "tents") == []
    assert "made anew" in caplog.text
    assert (await index.update(Shelf(RETURNS, WARRANTY))).written == 2
    assert (await _ask(index, "torn seams"))[0] == "warranty"


@pytest.mark.parametrize("damage", ["database", "manifest", "foreign"])
async def test_a_folder_that_cannot_be_read_is_made_anew_with_a_word(opened, tmp_path, caplog, damage):
    index = await opened()
    await index.update(Shelf(RETURNS))
    index.close()
    folder = tmp_path / "index"
    if damage == "database":
        (folder / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 1000)
    elif damage == "manifest":
        (folder / "manifest.json").write_text("{")
    else:
        (folder / "manifest.json").unlink()
        (folder / "chroma" / "chroma.sqlite3").write_text("somebody else's")
    index = await opened()
    assert "made anew" in caplog.text
    assert (await index.update(Shelf(RETURNS))).written == 1
    assert await _ask(index, "sixty days") == ["returns"]


async def _hold(folder: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLD, str(folder), stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_a_second_opener_is_told_who_holds_the_folder(opened, tmp_path):
    await opened()
    _, words = await (await _hold(tmp_path / "index")).communicate()
    assert f"FolderHeld: {tmp_path / 'index'} is held by process {os.getpid()}" in words.decode()


async def test_a_killed_process_frees_the_folder(tmp_path):
    folder = tmp_path / "index"
    holder = await _hold(folder)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    with pytest.raises(FolderHeld) as refused:
        await open_index(folder, HashEmbedding())
    assert refused.value.pid == holder.pid
    holder.kill()
    await holder.communicate()
    (await open_index(folder, HashEmbedding())).close()


def test_a_lock_can_be_given_back_and_holds_again(tmp_path):
    for _ in range(2):
        lock = FolderLock(tmp_path)
        with pytest.raises(FolderHeld) as refused:
            FolderLock(tmp_path)
        assert refused.value.pid == os.getpid()
        lock.release()


_HOLD = """
import sys
from pathlib import Path
from retrieval.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("fields", "scope", "found"),
    [
        ({}, Scope(brands=frozenset({"tarnlight"})), True),
        ({"brands": ("fernhollow",)}, Scope(brands=frozenset({"fernhollow"})), True),
        ({"brands": ("fernhollow", "tarnlight")}, Scope(brands=frozenset({"tarnlight"})), True),
        ({"brands": ("fernhollow",)}, Scope(brands=frozenset({"tarnlight"})), False),
        ({"brands": ("fernhollow",)}, Scope(brands=frozenset()), False),
        ({"brands": ("fernhollow",)}, Scope(), True),
        ({"regions": ("UK", "EU")}, Scope(regions=frozenset({"EU"})), True),
        ({"regions": ("UK",)}, Scope(regions=frozenset({"US"})), False),
        ({"audience": "internal"}, Scope(audiences=frozenset({"public"})), False),
        ({"audience": "internal"}, Scope(audiences=frozenset({"public", "internal"})), True),
        ({"effective_from": date(2026, 11, 20)}, Scope(day=date(2026, 11, 20)), True),
        ({"effective_from": date(2026, 11, 21)}, Scope(day=date(2026, 11, 20)), False),
        ({"effective_to": date(2026, 11, 20)}, Scope(day=date(2026, 11, 20)), True),
        ({"effective_to": date(2026, 11, 19)}, Scope(day=date(2026, 11, 20)), False),
    ],
)
async def test_only_documents_within_the_scope_are_found(opened, fields, scope, found):
    index = await opened()
    await index.update(Shelf(replace(RETURNS, **fields), replace(GIFTS, brands=("other",), regions=("other",))))
    assert ("returns" in await _ask(index, "sixty days", scope)) is found
    # what a document says of itself survives the folder
    assert ("returns" in await _ask(await opened(), "sixty days", scope)) is found


async def test_a_question_without_words_finds_nothing(opened):
    index = await opened()
    await index.update(Shelf(RETURNS))
    assert await _ask(index, "  ") == []


async def test_embedded_passages_are_remembered_across_folders(tmp_path: Path):
    remembered, embedding = tmp_path / "vectors.db", HashEmbedding()
    for folder in ("one", "two"):
        index = await open_index(tmp_path / folder, embedding, remembered=remembered)
        await index.update(Shelf(RETURNS))
        index.close()
    assert sum(text.startswith("returns\nUnused") for text in embedding.vectors.texts) == 1
