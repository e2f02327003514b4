"""Finds model files that Python packages carry, by name and hash; the packages themselves are never imported."""

import hashlib
from importlib.util import find_spec
from pathlib import Path


class WeightsMissing(Exception):
    """The package that carries the weights is not installed on this machine."""


class WeightsDamaged(Exception):
    """The file is not the one whose hash we know; nothing is read from it."""


def find_weights(package: str, file: str, sha256: str) -> Path:
    """The path of `file` inside the installed `package`, once its hash is the one expected.

    Raises:
        WeightsMissing: the package or the file is not there.
        WeightsDamaged: the file is another one.
    """
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    path = next((Path(folder) / file for folder in folders if (Path(folder) / file).is_file()), None)
    if path is None:
        raise WeightsMissing(f"{package}/{file} is not installed")
    with path.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != sha256:
            raise WeightsDamaged(f"{path} does not have the expected hash {sha256[:12]}…")
    return path
