"""What Compose makes of deploy/compose.yaml, as somebody has it who follows the first steps in docs/operating.md."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SECRETS = ("database_url", "deskside_secret", "openai_api_key", "postgres_password")


def lay_out(folder: Path) -> Path:
    """A copy of deploy/ with settings and secrets; the folder of the secrets."""
    shutil.copytree(DEPLOY, folder, ignore=shutil.ignore_patterns(".env", "secrets"))
    shutil.copy(folder / ".env.example", folder / ".env")
    secrets = folder / "secrets"
    secrets.mkdir()
    for name in SECRETS:
        (secrets / name).touch()
    return secrets


def compose(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Compose itself, which the development tools bring; `config` needs no Docker."""
    program = Path(sys.executable).with_name("docker-compose")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [program, "--file", folder / "compose.yaml", *arguments], env=kept, capture_output=True, text=True, check=False
    )


def read(folder: Path) -> dict[str, Any]:
    """The whole of it: settings filled in, defaults spelled out, checked against the Compose Specification."""
    done = compose(folder, "config", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    composed: dict[str, Any] = json.loads(done.stdout)
    return composed
