"""Passages, titles and their vectors in Chroma, in a folder that one process holds.

How they lie there stands in retrieval/rows.py.
"""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.lock import FolderLock
from retrieval.rows import Rows, StoredDocument

logger = logging.getLogger(__name__)

_MANIFEST = "manifest.json"


class Store:
    """The folder of an index. `fingerprint` names everything that vectors and passages depend on.

    A folder of another fingerprint, or one that cannot be read, is emptied with a word in the log.

    Raises:
        FolderHeld: another process has opened it.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint
        self._lock = FolderLock(folder)
        try:
            if self._written_by() not in (None, fingerprint):
                logger.warning("the index in %s was made by another model or way of cutting; it is made anew", folder)
                self._empty()
            self._open()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()
        self._lock.release()

    def load(self) -> list[StoredDocument]:
        """Every whole document in the folder; a folder that cannot be read is emptied and gives none."""
        try:
            return self._rows.read()
        except Exception as error:  # noqa: BLE001 - Chroma and what it stands on fail in many ways on a damaged folder
            logger.warning("the index in %s cannot be read (%s); it is made anew", self._folder, error)
            self._client.close()
            self._empty()
            self._open()
            return []

    @property
    def note(self) -> str | None:
        """What `keep_note` was given; gone once documents change."""
        return self._manifest().get("note")

    def keep_note(self, note: str) -> None:
        """Keep a text that was worked out from the documents."""
        self._write_manifest(note)

    def replace(self, documents: Sequence[StoredDocument]) -> None:
        """Write these documents, in place of what the folder holds of them."""
        self.remove([stored.document.id for stored in documents])
        self._rows.write(documents)

    def remove(self, ids: Sequence[str]) -> None:
        """Take these documents out of the folder."""
        if ids:
            self._write_manifest(None)
        self._rows.remove(ids)

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        try:
            self._client: Any = chromadb.PersistentClient(str(self._chroma), settings=settings)
            self._make_collections()
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            # a panic of Chroma's native part does not derive from Exception
            logger.warning("the index in %s cannot be opened (%s); it is made anew", self._folder, error)
            self._empty()
            self._client = chromadb.PersistentClient(str(self._chroma), settings=settings)
            self._make_collections()
        self._write_manifest(self._manifest().get("note"))

    def _make_collections(self) -> None:
        self._rows = Rows.of(self._client, "passages", "titles")

    def _written_by(self) -> str | None:
        return self._manifest().get("fingerprint") or ("unknown" if self._chroma.exists() else None)

    def _manifest(self) -> dict[str, str | None]:
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return manifest if isinstance(manifest, dict) else {}

    def _write_manifest(self, note: str | None) -> None:
        manifest = json.dumps({"fingerprint": self._fingerprint, "note": note})
        (self._folder / _MANIFEST).write_text(manifest, encoding="utf-8")

    def _empty(self) -> None:
        (self._folder / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self._chroma, ignore_errors=True)
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()

    @property
    def _chroma(self) -> Path:
        return self._folder / "chroma"
