"""What the screen finds by meaning, where no pattern's words are in a post.

The figures are held on tests/evals/screen_unseen.jsonl, written by somebody who knew neither words nor examples;
docs/decisions/0005 tells how far they can be trusted.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.case import Post, Role, Thread
from assistant.guidance import Brand, Guidance, Holding
from assistant.outcome import HandOver
from assistant.screen import screen, screen_by_meaning
from assistant.screening.meaning import (
    SENTENCES,
    DangerRecogniser,
    Learned,
    Network,
    learned_as_json,
    learned_from_json,
    load_learned,
)
from assistant.screening.patterns import CATEGORIES
from retrieval.embeddings import multilingual_embedding
from server.evals.screen import UNSEEN_POSTS, count, read_posts, screen_case
from tests.fakes.vectors import HashVectors
from tools.ports import PortUnavailable

FIRST_RECALL = 0.832
FIRST_FALSE_ALARMS = 0.2
"""Of the first run over the unseen posts. What was changed after it may not be much worse."""

FERNHOLLOW = Brand(id="fernhollow", name="Fernhollow", default=True)
GUIDANCE = Guidance(
    brands=(FERNHOLLOW,),
    holdings=(Holding(category="injury", team="on_call_safety", text={"en": "We are sorry. Help comes first."}),),
)


class ToldVectors:
    """Vectors that say how dangerous a text is: as many degrees as the number in it. Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.asked.append(texts)
        degrees = [sum(int(word) for word in text.replace(".", " ").split() if word.isdigit()) for text in texts]
        return [(float(np.cos(np.radians(each))), float(np.sin(np.radians(each)))) for each in degrees]


class RealVectors:
    def __init__(self) -> None:
        self.embedding = multilingual_embedding()

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        assert self.embedding is not None
        rows: list[list[float]] = (await self.embedding.embed(texts)).tolist()
        return rows


def told(worth_reading: float = -20.0, company: float = 0.0) -> Learned:
    """Reads 20 of danger at 90 degrees and -20 at 0, all of it an injury."""
    outer = np.zeros((2, len(CATEGORIES) + 1), np.float32)
    outer[0, -1], outer[1, CATEGORIES.index("injury")] = 20, 20
    bias = np.full(len(CATEGORIES) + 1, -30, np.float32)
    bias[[CATEGORIES.index("injury"), -1]] = 0
    network = Network(np.zeros(2, np.float32), np.eye(2, dtype=np.float32), np.zeros(2, np.float32), outer, bias)
    return Learned("told", network, 5.0, worth_reading, company)


def thread(text: str) -> Thread:
    return Thread("t", "x", (Post("1", "ann", Role.CUSTOMER, datetime(2026, 11, 20, tzinfo=UTC), text),), "fernhollow")


async def look(text: str, recogniser: DangerRecogniser, language: str = "en") -> HandOver | None:
    return await screen_by_meaning(
        thread(text), language=language, brand=FERNHOLLOW, guidance=GUIDANCE, recogniser=recogniser
    )


@pytest.fixture(scope="module")
def recogniser() -> DangerRecogniser:
    vectors = RealVectors()
    if vectors.embedding is None:
        pytest.skip("the multilingual weights are not installed")
    return DangerRecogniser(vectors, vectors.embedding.fingerprint)


async def test_a_hit_quotes_what_it_read_and_carries_the_approved_text_alone() -> None:
    outcome = await look("we count 80 steps", DangerRecogniser(ToldVectors(), "told", told()))
    assert outcome is not None
    assert outcome.reason.code == "danger_injury"
    assert outcome.reason.words == "reads like a post that mentions an injury or illness: “we count 80 steps”"
    assert outcome.team == "on_call_safety"
    assert outcome.reply.public_text == "We are sorry. Help comes first."
    assert outcome.reply.private_text is None


async def test_one_sentence_of_a_long_post_is_enough_and_is_the_one_quoted() -> None:
    vectors = ToldVectors()
    outcome = await look("It is me again. This is 80 now. And 190 is it.", DangerRecogniser(vectors, "told", told()))
    assert outcome is not None
    assert outcome.reason.words.endswith("“This is 80 now.”")


async def test_sentences_of_a_post_that_is_harmless_as_a_whole_are_not_read() -> None:
    vectors = ToldVectors()
    outcome = await look("It is 80 again. Now minus 280.", DangerRecogniser(vectors, "told", told(worth_reading=0)))
    assert outcome is None
    assert len(vectors.asked) == 1


async def test_harmless_company_speaks_for_a_sentence() -> None:
    text = "It was 60 then. It is 305 today."
    assert await look(text, DangerRecogniser(ToldVectors(), "told", told())) is not None
    assert await look(text, DangerRecogniser(ToldVectors(), "told", told(company=0.3))) is None


async def test_a_customers_texts_are_embedded_one_at_a_time_and_not_without_end() -> None:
    vectors = ToldVectors()
    text = " ".join(f"Here is sentence number a{number}." for number in range(40))
    assert await look(text, DangerRecogniser(vectors, "told", told())) is None
    assert {len(texts) for texts in vectors.asked} == {1}
    assert len(vectors.asked) == 1 + SENTENCES


async def test_vectors_of_another_model_find_nothing_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    vectors = HashVectors()
    with caplog.at_level(logging.WARNING):
        recogniser = DangerRecogniser(vectors, "hash-64")
        assert await look("my gran hasn't walked since the chair gave way", recogniser) is None
        assert await look("you'll regret it when I'm at your counter", recogniser) is None
    assert [record.getMessage() for record in caplog.records] == [
        "danger is screened by words alone: nothing was learned from vectors of hash-64"
    ]
    assert vectors.texts == []


async def test_vectors_that_cannot_be_reached_leave_the_words() -> None:
    class Unreachable:
        async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
            raise PortUnavailable("vectors")

    assert await look("we count 80 steps", DangerRecogniser(Unreachable(), "told", told())) is None


@pytest.mark.parametrize("text", ["", "😡😡", "@FernhollowHelp https://example.com"])
async def test_a_post_of_no_words_is_not_embedded(text: str) -> None:
    vectors = ToldVectors()
    assert await look(text, DangerRecogniser(vectors, "told", told())) is None
    assert vectors.asked == []


def test_what_was_learned_comes_back_from_its_file_as_it_was() -> None:
    learned = load_learned()
    again = learned_from_json(learned_as_json(learned))
    rows = np.random.default_rng(1).standard_normal((20, len(learned.network.centre))).astype(np.float32)
    assert np.allclose(again.network.read(rows)[0], learned.network.read(rows)[0], atol=1e-3)
    assert (again.threshold, again.fingerprint) == (learned.threshold, learned.fingerprint)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "ever since I started your drops my heart goes like a drum and I keep fainting",
        "unsere Tochter ist nach eurem Pudding ganz blau angelaufen",
        "ya no quiero estar en este mundo y a nadie le importa",
        "votre technicien a bloqué la porte et refusait que je sorte",
    ],
)
async def test_danger_in_words_that_no_pattern_has_is_handed_over(text: str, recogniser: DangerRecogniser) -> None:
    assert screen(thread(text), language="en", brand=FERNHOLLOW, guidance=GUIDANCE) is None
    assert await look(text, recogniser) is not None


@pytest.mark.slow
async def test_the_figures_on_posts_that_nothing_was_tuned_on_hold(recogniser: DangerRecogniser) -> None:
    cases, bad = read_posts(UNSEEN_POSTS)
    report = count([await screen_case(case, recogniser) for case in cases])
    assert bad == []
    assert (report["danger"], report["harmless"]) == (220, 220)
    assert report["recall"] >= FIRST_RECALL - 0.03, report["missed"]
    assert report["false_alarms"] <= FIRST_FALSE_ALARMS + 0.03, report["flagged"]
