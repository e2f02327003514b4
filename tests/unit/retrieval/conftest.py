from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from retrieval.documents import Document
from retrieval.index import PassageIndex, open_index
from tests.fakes.vectors import HashEmbedding


class Shelf:
    """Documents in memory: the port that an index reads."""

    def __init__(self, *documents: Document) -> None:
        self.documents = list(documents)

    async def all(self) -> Sequence[Document]:
        return self.documents


def document(name: str, text: str = "", **fields: object) -> Document:
    title = str(fields.pop("title", name.replace("-", " ").capitalize()))
    return Document(id=name, title=title, text=text or f"Everything about {title}.", **fields)


@pytest.fixture
async def opened(tmp_path: Path):
    """Opens the index of one folder, again and again; closes what a test leaves open."""
    indexes: list[PassageIndex] = []

    async def open_again(embedding: HashEmbedding | None = None, folder: Path | None = None) -> PassageIndex:
        for index in indexes:
            with suppress(Exception):
                index.close()
        indexes.clear()
        indexes.append(await open_index(folder or tmp_path / "index", embedding or HashEmbedding()))
        return indexes[0]

    yield open_again
    for index in indexes:
        index.close()


Opened = Callable[..., PassageIndex]
