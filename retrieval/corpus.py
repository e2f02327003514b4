"""A copy of the index in memory, unchanging, and the search over it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.calibration import relevance
from retrieval.documents import Document
from retrieval.embeddings import Matrix, Vector
from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage
from retrieval.ranking import Scores, best_per_owner, combine, level, weights_for
from retrieval.scope import Scope
from retrieval.store import StoredDocument


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why: `dense` and `title` are cosines, `lexical` BM25, `score` what ordered it."""

    document: Document
    passage: Passage
    score: float
    dense: float
    title: float
    lexical: float
    relevance: float


class Corpus:
    """Everything a search needs: documents, passages, vectors and the lexical index over them."""

    def __init__(self, stored: Sequence[StoredDocument], parts: int) -> None:
        self._documents = [item.document for item in stored]
        self._passages = [passage for item in stored for passage in item.passages]
        self._owners: NDArray[np.intp] = np.repeat(np.arange(len(stored)), [len(item.passages) for item in stored])
        self._parts = parts
        if stored:
            self._passage_vectors: list[Matrix] = np.hsplit(np.vstack([item.passage_vectors for item in stored]), parts)
            self._title_vectors: list[Matrix] = np.hsplit(np.vstack([item.title_vector for item in stored]), parts)
        self._lexical = LexicalIndex([passage.indexed_text for passage in self._passages])

    @property
    def size(self) -> int:
        """How many passages there are."""
        return len(self._passages)

    def search(self, query: str, vector: Vector, scope: Scope, limit: int) -> list[Hit]:
        """The best passage of each of the best documents within `scope`."""
        admitted = np.array([scope.admits(document) for document in self._documents])
        if not admitted.any():
            return []
        asked = np.split(vector, self._parts)
        dense = [vectors @ part for vectors, part in zip(self._passage_vectors, asked, strict=True)]
        titles = [vectors @ part for vectors, part in zip(self._title_vectors, asked, strict=True)]
        lexical = self._lexical.scores(query)
        weights = weights_for(query)
        scores = combine([self._best(scores) for scores in dense], titles, self._best(lexical), weights)
        within = sum((level(part) for part in dense), weights.lexical * level(lexical))
        order = np.argsort(np.where(admitted, -scores, np.inf), kind="stable")[: min(limit, int(admitted.sum()))]
        hits = []
        for at in order:
            own = np.flatnonzero(self._owners == at)
            best = own[np.argmax(within[own])]
            hits.append(
                Hit(
                    document=self._documents[at],
                    passage=self._passages[best],
                    score=float(scores[at]),
                    dense=float(dense[0][best]),
                    title=float(titles[0][at]),
                    lexical=float(lexical[best]),
                    relevance=relevance(float(dense[0][best]), float(titles[0][at])),
                )
            )
        return hits

    def _best(self, scores: Scores) -> Scores:
        return best_per_owner(scores, self._owners, len(self._documents))
