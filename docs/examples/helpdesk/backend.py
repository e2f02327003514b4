"""The backend of a helpdesk that shows the panel, as small as it can be: it serves the page and makes links.

    DESKSIDE_URL=http://127.0.0.1:8000 DESKSIDE_TOKEN=dsk_… AGENT=robin@fernhollow.example python backend.py 8068

It is opened as http://localhost:8068: with DESKSIDE_PANEL_HOSTS=http://localhost:8068 Deskside lets it show the panel.

A real one knows from its own session who works at it, and makes links for nobody else.
"""

import json
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
TICKET = {"order": "FH-10423", "channel": "email", "said": "My tent is late again. Where is it?"}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


def make_link(host: str) -> bytes:
    """A link for whoever works here, as Deskside answers it: `link` and `expires_at`."""
    asked = urllib.request.Request(
        f"{os.environ['DESKSIDE_URL']}/api/v1/panel-links",
        data=json.dumps({"host": host, "email": os.environ["AGENT"]}).encode(),
        headers={"Authorization": f"Bearer {os.environ['DESKSIDE_TOKEN']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked) as answer:
        return answer.read()


class Helpdesk(BaseHTTPRequestHandler):
    """Answers its own page."""

    def do_GET(self) -> None:
        """The page, what it loads, and the ticket that it shows."""
        if self.path == "/ticket":
            self._answer(os.environ.get("TICKET", json.dumps(TICKET)).encode(), "application/json")
            return
        file = HERE / (self.path.strip("/") or "page.html")
        if file.parent == HERE and file.suffix in TYPES and file.exists():
            self._answer(file.read_bytes(), TYPES[file.suffix])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """A link for the page's frame. Other sites' pages get none."""
        host = f"http://{self.headers['Host']}"
        if self.path == "/panel-link" and self.headers["Origin"] == host:
            self._answer(make_link(host), "application/json")
        else:
            self.send_error(403)

    def _answer(self, content: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Helpdesk).serve_forever()
