"""deploy/Caddyfile, read by Caddy itself."""

import os
import shutil
import subprocess

import pytest

from tests.deploy.composed import DEPLOY


def _validate(tmp_path, text, **environment):
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no `caddy` on this machine (apt-get install caddy)")
    (tmp_path / "Caddyfile").write_text(text)
    return subprocess.run(
        [caddy, "validate", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_caddy_takes_it(tmp_path):
    text = (DEPLOY / "Caddyfile").read_text()
    done = _validate(tmp_path, text, DESKSIDE_PUBLIC_URL="https://localhost", DESKSIDE_BODY_LIMIT="1000000")
    assert done.returncode == 0, done.stderr
    assert "Valid configuration" in done.stdout + done.stderr
    assert "not formatted" not in done.stderr


def test_caddy_refuses_what_it_does_not_know(tmp_path):
    text = (DEPLOY / "Caddyfile").read_text().replace("health_uri", "health_address")
    assert _validate(tmp_path, text, DESKSIDE_PUBLIC_URL="https://localhost").returncode != 0
