"""How well documents are found, measured on questions whose answers are known."""

import asyncio
import math
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from retrieval.index import PassageIndex, open_index
from retrieval.scope import Scope
from server.evals.cases import read_every_case
from server.policies.files import read_documents
from server.policies.front_matter import DocumentFile
from server.policies.passages import FiledDocuments
from server.policies.vectors import VECTORS, open_embedding
from server.settings import Settings

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the documents that answer it: all of them are wanted, or any one is enough."""

    id: str
    text: str
    gold: frozenset[str]
    any_is_enough: bool


def read_questions(file: Path) -> list[Question]:
    """The questions of a JSONL file.

    Raises:
        BadCases: There are none; or naming the first line that is wrong.
    """
    return read_every_case(file, _question, expected="a question with id, query and gold")


def _question(fields: Mapping[str, Any]) -> Question:
    gold = frozenset(str(name) for name in fields["gold"])
    enough = {"all": False, "any": True}[fields.get("match", "all")]
    return Question(str(fields["id"]), str(fields["query"]), gold, enough)


@dataclass(frozen=True, slots=True)
class Marks:
    """How one ranking did."""

    recall: dict[int, float]
    ndcg: float
    mrr: float


def mark(ranked: Sequence[str], question: Question) -> Marks:
    """Compare the first documents of a ranking with the ones wanted."""
    places = [place for place, name in enumerate(ranked[:_DEPTH]) if name in question.gold]
    first = places[0] if places else math.inf
    if question.any_is_enough:
        recall = {depth: float(first < depth) for depth in (1, 5, 10)}
        ndcg = 1 / math.log2(first + 2) if places else 0.0
    else:
        wanted = max(1, len(question.gold))
        recall = {depth: sum(place < depth for place in places) / wanted for depth in (1, 5, 10)}
        ideal = sum(1 / math.log2(place + 2) for place in range(min(_DEPTH, wanted)))
        ndcg = sum(1 / math.log2(place + 2) for place in places) / ideal
    return Marks(recall, ndcg, 1 / (first + 1))


async def evaluate_retrieval(settings: Settings, docs: Path, queries: Path, negatives: Path | None) -> dict[str, Any]:
    """Rank the documents in `docs` for every question; the index is kept, so that a second run is quick.

    With `negatives`, questions that these documents do not answer, also how well relevance tells the two apart.
    """
    questions = read_questions(queries)
    strangers = read_questions(negatives) if negatives else []
    documents = await asyncio.to_thread(_read_by_stem, docs)
    folder = settings.home / "eval" / sha256(str(docs).encode()).hexdigest()[:16]
    async with open_embedding(settings) as embedding:
        index = await open_index(folder, embedding, remembered=settings.cache / VECTORS)
        try:
            update = await index.update(FiledDocuments(documents))
            await _search(index, questions[0].text)  # the models are read at the first question
            rankings = [await _search(index, question.text) for question in questions]
            off_topic = [await _search(index, question.text) for question in strangers]
        finally:
            index.close()
    report = _report([mark(names, question) for (names, _, _), question in zip(rankings, questions, strict=True)])
    report["latency_ms"] = _percentiles([milliseconds for _, _, milliseconds in rankings])
    report["setup"] = {**index.setup, "documents": update.documents, "passages": update.passages}
    if strangers:
        pairs = [(own[1], other[1]) for own in rankings for other in off_topic]
        report["abstention_auroc"] = statistics.fmean((own > other) + (own == other) / 2 for own, other in pairs)
    return report


def _read_by_stem(docs: Path) -> list[DocumentFile]:
    """The documents of a folder, each called by its file's name."""
    files = read_documents(docs)
    return [file.model_copy(update={"front": file.front.model_copy(update={"id": file.file.stem})}) for file in files]


async def _search(index: PassageIndex, query: str) -> tuple[list[str], float, float]:
    """The documents found, the relevance of the first, and the milliseconds it took."""
    started = time.perf_counter()
    hits = await index.search(query, scope=Scope(), limit=_DEPTH)
    elapsed = (time.perf_counter() - started) * 1000
    return [hit.found.document.id for hit in hits], max((hit.relevance for hit in hits), default=0.0), elapsed


def _report(marks: Sequence[Marks]) -> dict[str, Any]:
    recalls = {f"recall@{k}": statistics.fmean(one.recall[k] for one in marks) for k in (1, 5, 10)}
    return {
        "queries": len(marks),
        **recalls,
        "ndcg@10": statistics.fmean(one.ndcg for one in marks),
        "mrr@10": statistics.fmean(one.mrr for one in marks),
    }


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        f"p{share}": round(ordered[min(len(ordered) - 1, math.ceil(len(ordered) * share / 100) - 1)], 2)
        for share in (50, 95)
    }
