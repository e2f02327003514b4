"""Which migrations there are, read from their file names."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"

_REVISION = len("2026_11_21_2002")


def newest_revision() -> str:
    """The revision a database must have."""
    return max(revisions())


def revisions() -> frozenset[str]:
    """All that this version of Deskside knows. A revision is the date and time that its file's name begins with."""
    return frozenset(path.stem[:_REVISION] for path in VERSIONS.glob("2*.py"))
