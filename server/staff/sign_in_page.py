"""The page that a sign-in link opens."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

router = APIRouter(include_in_schema=False)

_PAGE = Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8")


def _only(tag: str) -> str:
    """The source that lets run what stands in the page's one element of this tag, and nothing else."""
    [inside] = re.findall(rf"<{tag}>(.*?)</{tag}>", _PAGE, re.DOTALL)
    return f"'sha256-{b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"


_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src {_only('script')}",
        f"style-src {_only('style')}",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


@router.get("/")
async def begin() -> RedirectResponse:
    """Where a browser begins that was told no page."""
    return RedirectResponse("/sign-in", status_code=303)


@router.get("/sign-in")
async def sign_in_page() -> HTMLResponse:
    """Sign in by link, which stands behind # and is sent only when the button is pressed, or by password.

    A button, because programs that look at links before people do would use them up.
    """
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})
