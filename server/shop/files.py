"""The three files of an import, read line by line."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnusableShopFolder(Exception):
    """There is nothing to import at this path."""


class FileChanged(Exception):
    """A file is not what it was when it was checked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that is not blank."""

    number: int
    content: bytes


@dataclass(frozen=True, slots=True)
class ShopFile:
    """One of the files, as it was when the import began."""

    path: Path
    size: int
    changed_ns: int

    @property
    def name(self) -> str:
        """As the user knows it."""
        return self.path.name

    def batches(self, size: Callable[[], int]) -> Iterator[list["Line"]]:
        """The lines that are not blank, each time as many as `size` says then."""
        with self.path.open("rb") as file:
            numbered = _lines(file)
            while batch := list(islice(numbered, size())):
                yield batch

    def digest(self) -> str:
        """SHA-256 of what stands in it."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def must_be_unchanged(self) -> None:
        """Raise FileChanged if somebody wrote to the file since the import began."""
        if ShopFile.at(self.path) != self:
            raise FileChanged(f"{self.path} was changed while it was being imported")

    @classmethod
    def at(cls, path: Path) -> "ShopFile | None":
        """The file at this path, None if there is none."""
        if not path.is_file():
            return None
        facts = path.stat()
        return cls(path, facts.st_size, facts.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class ShopFiles:
    """What a folder holds; a file that is not there has nothing to say about its records."""

    customers: ShopFile | None
    products: ShopFile | None
    orders: ShopFile | None

    @classmethod
    def in_folder(cls, directory: Path) -> "ShopFiles":
        """The files of this folder, at least one of the three."""
        if not directory.exists():
            raise UnusableShopFolder(f"There is no folder {directory}.")
        if not directory.is_dir():
            raise UnusableShopFolder(f"{directory} is not a folder; name the folder that the three files are in.")
        files = cls(*(ShopFile.at(directory / f"{kind}.jsonl") for kind in ("customers", "products", "orders")))
        if not any(files):
            raise UnusableShopFolder(f"{directory} holds none of customers.jsonl, products.jsonl and orders.jsonl.")
        return files

    def __iter__(self) -> Iterator[ShopFile]:
        return (file for file in (self.customers, self.products, self.orders) if file is not None)


def _lines(file: IO[bytes]) -> Iterator[Line]:
    for number, content in enumerate(file, start=1):
        content = content.removeprefix(_BYTE_ORDER_MARK) if number == 1 else content
        if content.strip():
            yield Line(number, content)
