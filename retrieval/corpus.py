"""A copy of the index in memory, unchanging, and the search over it: every document is scored, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.documents import Document
from retrieval.embeddings import Matrix, Vector, understanding
from retrieval.lexical import LexicalIndex, pieces
from retrieval.passages import Passage
from retrieval.ranking import Families, Products, Scores, best_of_each, level, weights_for
from retrieval.rows import StoredDocument
from retrieval.scope import Scope


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: the words, their vector, and their language where it is known."""

    text: str
    vector: Vector
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found: what ordered it (`score`), and what its document has to show for itself.

    `dense` and `title` are cosines of the model numbered `part`, `dense_lead` is how far the first exceeds the mean of
    all documents, and `spread` how far these lie apart. `lexical` is BM25, and `lexical_lead` how far it exceeds their
    mean, by the root of the query's length.
    """

    document: Document
    passage: Passage
    score: float
    part: int
    dense: float
    dense_lead: float
    spread: float
    title: float
    lexical: float
    lexical_lead: float


class Corpus:
    """Everything a search needs: documents, passages, vectors and the lexical index over them.

    `reads` names the languages of the vectors that stand side by side, as the embedding does.
    """

    def __init__(self, stored: Sequence[StoredDocument], reads: tuple[str | None, ...]) -> None:
        self._documents = [item.document for item in stored]
        self._passages = [passage for item in stored for passage in item.passages]
        self._starts: NDArray[np.intp] = np.cumsum([0, *(len(item.passages) for item in stored)])
        self._reads = reads
        self._vectors: list[Matrix] = []
        self._titles: list[Matrix] = []
        if stored:
            self._vectors = _side_by_side([item.passage_vectors for item in stored], len(reads))
            self._titles = _side_by_side([item.title_vector for item in stored], len(reads))
        self._lexical = LexicalIndex([passage.indexed_text for passage in self._passages])
        self._products = Products(self._documents)
        self._families = Families(self._documents)

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage."""
        return self._passages

    def search(self, query: Query, scope: Scope, limit: int) -> list[Found]:
        """The best passage of each of the best documents within `scope`, best first."""
        return self.best(self.score(query), scope, limit) if self._documents else []

    def score(self, query: Query) -> "Scored":
        """How well every document answers, whatever may be told to whom; there is at least one."""
        parts = understanding(self._reads, query.language)
        asked = np.split(query.vector, len(self._reads))
        dense = [_cosines(self._vectors[part], asked[part]) for part in parts]
        titles = [_cosines(self._titles[part], asked[part]) for part in parts]
        lexical = self._lexical.scores(query.text)
        scores = self._fuse(query.text, dense, titles, lexical)
        within = sum((level(part) for part in dense), weights_for(query.text).lexical * level(lexical))
        shown = _Shown.of(parts[0], self._best(dense[0]), titles[0], self._best(lexical), len(pieces(query.text)))
        return Scored(scores, within, shown)

    def best(self, scored: "Scored", scope: Scope, limit: int) -> list[Found]:
        """What `search` finds, by scores that are known."""
        admitted = np.fromiter((scope.admits(document) for document in self._documents), dtype=bool)
        order = np.argsort(np.where(admitted, -scored.scores, np.inf), kind="stable")[: min(limit, int(admitted.sum()))]
        return [self._found(int(at), scored) for at in order]

    def _fuse(self, text: str, dense: Sequence[Scores], titles: Sequence[Scores], lexical: Scores) -> Scores:
        weights, models = weights_for(text), len(dense)
        total = weights.lexical * level(self._best(lexical)) + weights.product * self._products.named_in(text)
        for passages, names in zip(dense, titles, strict=True):
            # one model's word counts as much as two models' together
            total = total + 2 / models * (weights.passage * level(self._best(passages)) + weights.title * level(names))
        return total + weights.family * self._families.support(total) if weights.family else total

    def _found(self, at: int, scored: "Scored") -> Found:
        start, end = self._starts[at : at + 2]
        shown = scored.shown
        return Found(
            document=self._documents[at],
            passage=self._passages[start + int(np.argmax(scored.within[start:end]))],
            score=float(scored.scores[at]),
            part=shown.part,
            dense=float(shown.dense[at]),
            dense_lead=float(shown.dense[at] - shown.dense_mean),
            spread=shown.spread,
            title=float(shown.titles[at]),
            lexical=float(shown.lexical[at]),
            lexical_lead=float(shown.lexical[at] - shown.lexical_mean) / max(1, shown.pieces) ** 0.5,
        )

    def _best(self, scores: Scores) -> Scores:
        return best_of_each(scores, self._starts[:-1])


def _cosines(rows: Matrix, vector: Vector) -> Scores:
    """The product of `rows` with `vector`, without BLAS, whose threads wait for one another on a busy machine."""
    return np.asarray(np.einsum("ij,j->i", rows, vector), dtype=np.float32)


def _side_by_side(rows: Sequence[Matrix | Vector], parts: int) -> list[Matrix]:
    """One matrix for each model, in one piece: a product with a strided one takes several times as long."""
    return [np.ascontiguousarray(part) for part in np.hsplit(np.vstack(rows), parts)]


@dataclass(frozen=True, slots=True)
class _Shown:
    """The scores of all documents that a find is explained by, and what they come to."""

    part: int
    dense: Scores
    titles: Scores
    lexical: Scores
    pieces: int
    dense_mean: np.float32
    spread: float
    lexical_mean: np.float32

    @classmethod
    def of(cls, part: int, dense: Scores, titles: Scores, lexical: Scores, pieces: int) -> "_Shown":
        return cls(part, dense, titles, lexical, pieces, dense.mean(), float(dense.std()), lexical.mean())


@dataclass(frozen=True, slots=True)
class Scored:
    """One query's scores of all documents, and of all passages within them."""

    scores: Scores
    within: Scores
    shown: _Shown
