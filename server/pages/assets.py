"""What pages load: one style sheet and one module, under an address that names their content and never changes."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from server.pages.modules import join

router = APIRouter(prefix="/assets", include_in_schema=False)

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
STYLE = "site.css"
"""Every style sheet in one, in the order of their names."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    zipped: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name; a module with whatever it imports."""
    modules = {path.name: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("js/*.js"))}
    found = {name: join(name, modules).encode() for name in modules}
    found |= {path.name: path.read_bytes() for path in sorted(_FOLDER.glob("*.svg"))}
    found[STYLE] = b"\n".join(path.read_bytes() for path in sorted(_FOLDER.glob("css/*.css")))
    return {
        name: Asset(content, gzip.compress(content, mtime=0), _TYPES[Path(name).suffix])
        for name, content in found.items()
    }


@cache
def version() -> str:
    """Changes whenever one of the files does."""
    digest = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        digest.update(name.encode() + b"\0" + asset.content)
    return digest.hexdigest()[:12]


def address_of(name: str) -> str:
    """Where a page loads a file from.

    Raises:
        KeyError: There is no such file.
    """
    assets()[name]
    return f"/assets/{version()}/{name}"


@router.get("/{of}/{name}")
async def read_asset(of: str, name: str, request: Request) -> Response:
    """A file. Of another version than this process's it is sent as well, but not to be kept."""
    asset = assets().get(name)
    if asset is None:
        raise HTTPException(404)
    headers = {"Vary": "Accept-Encoding"} | (_FOR_EVER if of == version() else {})
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.zipped, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)
