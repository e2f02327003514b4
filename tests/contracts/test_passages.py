"""What every implementation of the port Passages keeps: only what holds here, now, for these readers is found."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from retrieval.index import open_index
from server.policies.files import read_documents
from server.policies.passages import FiledDocuments, IndexPassages
from tests.fakes.policies import Filed, MemoryPassages
from tests.fakes.vectors import HashEmbedding
from tools.ports import Passages
from tools.records import Answer, Passage

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULE = "Unused tents can be sent back within sixty days of delivery."


@dataclass(frozen=True)
class Rule:
    """One document of one sentence, as each implementation wants it."""

    name: str
    brand: str | None = None
    audience: str = "public"
    region: str | None = None
    begins: date = date(2026, 1, 1)
    ends: date | None = None

    def filed(self) -> Filed:
        answers = (Answer("return_policy", "en", "You have sixty days."),) if self.audience == "public" else ()
        passage = Passage(
            id=f"{self.name}#rule",
            document=self.name,
            title="Sending tents back",
            heading=(),
            text=RULE,
            audience=self.audience,
            relevance=0.9,
            brand=self.brand,
            effective_from=self.begins,
            effective_to=self.ends,
            answers=answers,
        )
        return Filed(passage, regions=(self.region,) if self.region else ())

    def write(self, folder: Path) -> None:
        lines = [f"id: {self.name}", "title: Sending tents back", "category: returns", "owner: service"]
        lines += [f"audience: {self.audience}", f"effective_from: {self.begins}"]
        lines += [f"effective_to: {self.ends}"] if self.ends else []
        lines += [f"brand: {self.brand}"] if self.brand else []
        lines += [f"region: {self.region}"] if self.region else []
        if self.audience == "public":
            lines += [f"public_url: https://www.fernhollow.example/help/{self.name}"]
            lines += ["answers:", "  - {intent: return_policy, en: You have sixty days.}"]
        text = "\n".join(["---", *lines, "---", "# Sending tents back", "", RULE, ""])
        (folder / f"{self.name}.md").write_text(text, encoding="utf-8")


RULES = (
    Rule("ours", brand="fernhollow"),
    Rule("everybodys"),
    Rule("others", brand="tarnlight"),
    Rule("internal", brand="fernhollow", audience="internal"),
    Rule("dead", brand="fernhollow", ends=date(2026, 11, 19)),
    Rule("last-day", brand="fernhollow", ends=date(2026, 11, 20)),
    Rule("coming", brand="fernhollow", begins=date(2026, 11, 21)),
    Rule("american", brand="fernhollow", region="US"),
)


@pytest.fixture(params=["memory", "index"])
async def passages(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Passages]:
    if request.param == "memory":
        yield MemoryPassages([rule.filed() for rule in RULES])
        return
    folder = tmp_path / "policies"
    folder.mkdir()
    for rule in RULES:
        rule.write(folder)
    documents = read_documents(folder)
    index = await open_index(tmp_path / "index", HashEmbedding())
    try:
        await index.update(FiledDocuments(documents))
        yield IndexPassages(index, documents)
    finally:
        index.close()


async def documents(
    passages: Passages,
    *,
    brand: str | None = "fernhollow",
    region: str | None = "UK",
    audiences: frozenset[str] = frozenset({"public"}),
    limit: int = 20,
) -> set[str]:
    found = await passages.search(RULE, brand=brand, region=region, audiences=audiences, at=NOW, limit=limit)
    assert all(passage.audience in audiences for passage in found)
    return {passage.document for passage in found}


async def test_a_brand_finds_its_own_rules_and_those_for_all(passages: Passages) -> None:
    assert await documents(passages) == {"ours", "everybodys", "last-day"}
    assert await documents(passages, brand="tarnlight") == {"others", "everybodys"}


async def test_a_brand_that_is_not_ours_finds_the_rules_for_all_only(passages: Passages) -> None:
    assert await documents(passages, brand=None) == {"everybodys"}


async def test_internal_rules_are_found_by_those_who_may_read_them(passages: Passages) -> None:
    both = frozenset({"public", "internal"})
    assert "internal" in await documents(passages, audiences=both)
    assert await documents(passages, audiences=frozenset({"internal"})) == {"internal"}


async def test_rules_of_a_region_hold_there_only(passages: Passages) -> None:
    assert "american" in await documents(passages, region="US")
    assert "american" not in await documents(passages, region=None)


async def test_no_more_than_the_limit_is_found(passages: Passages) -> None:
    assert len(await documents(passages, limit=2)) <= 2


async def test_a_question_about_something_else_finds_nothing(passages: Passages) -> None:
    found = await passages.search(
        "xylophone zebra", brand="fernhollow", region="UK", audiences=frozenset({"public"}), at=NOW, limit=5
    )
    assert list(found) == []


async def test_every_public_document_with_prepared_answers_is_weighed_within_the_same_bounds(
    passages: Passages,
) -> None:
    found = await passages.answering(RULE, brand="fernhollow", region="UK", at=NOW)
    assert {passage.document for passage in found} == {"ours", "everybodys", "last-day"}
    assert {answer.text for passage in found for answer in passage.answers} == {"You have sixty days."}
    assert all(0 <= passage.relevance <= 1 for passage in found)


async def test_a_document_that_says_nothing_of_it_is_less_relevant(passages: Passages) -> None:
    near = await passages.answering(RULE, brand=None, region=None, at=NOW)
    far = await passages.answering("xylophone zebra", brand=None, region=None, at=NOW)
    assert near[0].relevance > far[0].relevance


async def test_a_document_of_which_a_part_was_found_can_be_read_whole(passages: Passages) -> None:
    (found,) = await passages.search(RULE, brand=None, region=None, audiences=frozenset({"public"}), at=NOW, limit=5)
    assert [(part.document, part.text) for part in await passages.whole(found)] == [("everybodys", RULE)]
