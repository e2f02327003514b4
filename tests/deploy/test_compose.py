"""deploy/compose.yaml and .env.example say what they mean, and mean what Deskside has."""

import itertools
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from server.secret import Secret
from server.settings import Settings, variable_of
from tests.deploy.composed import DEPLOY, ROOT, SECRETS, compose, lay_out, read

OURS = ("web-1", "web-2", "worker")
SETTINGS = {variable_of(name) for name in Settings.model_fields}
FOR_COMPOSE = {"KNOWLEDGE_FOLDER", "HTTP_PORT", "HTTPS_PORT"}
FILES = {f"{variable_of(name)}_FILE" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "deploy"
    lay_out(folder)
    return folder


@pytest.fixture(scope="module")
def composed(folder):
    return read(folder)


@pytest.fixture(scope="module")
def services(composed):
    return composed["services"]


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        ("restart: unless-stopped", "restarts: unless-stopped"),
        ("{cpus: ", "{processors: "),
        ("networks: [front, data, outside]", "networks: [front, data, elsewhere]"),
        ("condition: service_healthy", "condition: service_well"),
    ],
)
def test_what_the_specification_does_not_know_is_refused(folder, tmp_path, was, is_now):
    lay_out(tmp_path / "deploy")
    file = tmp_path / "deploy" / "compose.yaml"
    assert was in file.read_text()
    file.write_text(file.read_text().replace(was, is_now))
    assert compose(tmp_path / "deploy", "config", "--quiet").returncode != 0


def test_it_says_what_is_missing_where_no_address_is_set(tmp_path):
    lay_out(tmp_path / "deploy")
    (tmp_path / "deploy" / ".env").write_text("")
    done = compose(tmp_path / "deploy", "config", "--quiet")
    assert done.returncode != 0
    assert "say in .env where people reach the service" in done.stderr


def test_two_serve_and_two_work_behind_a_proxy(services):
    assert set(services) == {"proxy", "web-1", "web-2", "worker", "chroma", "postgres"}
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["web-1"]["command"] is services["web-2"]["command"] is None
    assert services["worker"]["command"] == ["deskside", "worker"]
    assert services["chroma"]["command"][:2] == ["chroma", "run"]


def test_only_the_proxy_has_open_ports(services):
    assert [port["target"] for port in services["proxy"]["ports"]] == [80, 443]
    assert not [name for name, service in services.items() if service.get("ports") and name != "proxy"]
    assert not [name for name, service in services.items() if "network_mode" in service]


def test_who_is_on_which_network(composed, services):
    on = {
        name: {each for each, service in services.items() if name in service["networks"]}
        for name in composed["networks"]
    }
    assert on == {
        "data": {*OURS, "chroma", "postgres"},
        "front": {"proxy", "web-1", "web-2"},
        "public": {"proxy"},
        "outside": set(OURS),
    }
    assert {name for name, network in composed["networks"].items() if network.get("internal")} == {"data", "front"}


def test_the_proxys_word_is_taken_on_who_called_and_nobody_elses(services):
    address = services["proxy"]["networks"]["front"]["ipv4_address"]
    assert {services[name]["environment"]["DESKSIDE_TRUSTED_PROXIES"] for name in OURS} == {address}


def test_every_service_is_restarted_limited_and_can_gain_nothing(services):
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name
        assert not service.get("privileged"), name
    assert not [name for name in (*OURS, "chroma") if "cap_add" in services[name] or "user" in services[name]]


def test_each_waits_for_those_it_needs_to_be_well(services):
    waits = {name: set(service.get("depends_on", {})) for name, service in services.items()}
    assert waits == {
        "proxy": {"web-1"},
        "web-1": {"postgres", "chroma"},
        "web-2": {"postgres", "chroma", "web-1"},
        "worker": {"postgres", "chroma", "web-1"},
        "chroma": set(),
        "postgres": set(),
    }
    conditions = {each["condition"] for service in services.values() for each in service.get("depends_on", {}).values()}
    assert conditions == {"service_healthy"}
    assert all("test" in services[name]["healthcheck"] for name in ("proxy", "chroma", "postgres"))
    assert all("healthcheck" not in services[name] for name in ("web-1", "web-2"))  # the image's own


def test_there_is_time_to_stop_gracefully(services):
    for name in OURS:
        environment = services[name]["environment"]
        needed = float(environment["DESKSIDE_DRAIN_SECONDS"]) + float(environment["DESKSIDE_STOP_SECONDS"])
        assert needed < _seconds(services[name]["stop_grace_period"]), name
    assert _seconds(services["proxy"]["stop_grace_period"]) > _grace_of_the_proxy()


def test_proxy_and_processes_take_bodies_of_the_same_size(services):
    sizes = {services[name]["environment"]["DESKSIDE_BODY_LIMIT"] for name in ("proxy", "web-1", "web-2")}
    assert sizes == {str(Settings.model_fields["body_limit"].default)}


def test_every_secret_is_a_file_and_none_stands_in_the_environment(composed, services):
    assert {secret["file"].rsplit("/", 2)[1] for secret in composed["secrets"].values()} == {"secrets"}
    for name in OURS:
        environment = services[name]["environment"]
        handed = {f"/run/secrets/{secret['source']}" for secret in services[name]["secrets"]}
        assert {value for variable, value in environment.items() if variable.endswith("_FILE")} == handed
    secret = {variable.removesuffix("_FILE") for variable in FILES}
    told = {variable for service in services.values() for variable in service.get("environment", {})}
    assert not told & {each for each in secret if "SECRET" in each or "KEY" in each or "DATABASE_URL" in each}
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"


def test_the_processes_are_told_the_same(services):
    assert services["web-1"]["environment"] == services["web-2"]["environment"] == services["worker"]["environment"]
    assert services["web-1"]["image"] == services["chroma"]["image"]


def test_every_variable_is_a_setting(services):
    told = {variable for name in OURS for variable in services[name]["environment"]}
    told |= set(re.findall(r"\b(?:DESKSIDE|OPENAI)_[A-Z_]+\b", (DEPLOY / "compose.yaml").read_text()))
    told |= set(re.findall(r"\b(?:DESKSIDE|OPENAI)_[A-Z_]+\b", (DEPLOY / "Caddyfile").read_text()))
    told |= {name for name in _variables(DEPLOY / ".env.example") if name.startswith(("DESKSIDE_", "OPENAI_"))}
    assert told <= SETTINGS | FILES | FOR_COMPOSE


def test_whatever_the_example_offers_is_used(services):
    text = (DEPLOY / "compose.yaml").read_text()
    offered = set(_variables(DEPLOY / ".env.example"))
    assert {name for name in offered if f"${{{name}" not in text} <= SETTINGS


def test_the_knowledge_folder_is_there_and_read_only(services):
    [knowledge] = [volume for volume in services["web-1"]["volumes"] if volume["target"] == "/srv/knowledge"]
    assert knowledge["read_only"]
    assert services["web-1"]["environment"]["DESKSIDE_KNOWLEDGE"] == knowledge["target"]
    assert (DEPLOY / "../knowledge").resolve() == ROOT / "knowledge"
    assert (ROOT / "knowledge").is_dir()


def _variables(file: Path) -> Iterator[str]:
    """Also those that are commented out."""
    for line in file.read_text().splitlines():
        if found := re.match(r"#? ?([A-Z_]+)=", line):
            yield found[1]


def _seconds(written: str) -> float:
    minutes, seconds = re.fullmatch(r"(?:(\d+)m)?(\d+)s", written).groups()
    return int(minutes or 0) * 60 + int(seconds)


def _grace_of_the_proxy() -> float:
    [written] = re.findall(r"grace_period (\S+)", (DEPLOY / "Caddyfile").read_text())
    return _seconds(written)


def test_the_first_steps_make_every_secret_so_that_containers_alone_can_read_it(tmp_path, monkeypatch):
    if shutil.which("openssl") is None:
        pytest.skip("no `openssl` on this machine (apt-get install openssl)")
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns(".env", "secrets"))
    subprocess.run(["sh", "-e", "-c", _first_steps()], cwd=tmp_path, check=True, capture_output=True)
    made = tmp_path / "deploy" / "secrets"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == dict.fromkeys(SECRETS, 0o444)
    for variable, name in (("DESKSIDE_SECRET", "deskside_secret"), ("DESKSIDE_DATABASE_URL", "database_url")):
        monkeypatch.setenv(f"{variable}_FILE", str(made / name))
    settings = Settings()
    Secret.of(settings)  # it is long enough
    password = (made / "postgres_password").read_text().strip()
    assert make_url(settings.database).password == password
    assert read(tmp_path / "deploy")["services"]


def _first_steps() -> str:
    """The commands in docs/operating.md."""
    _, _, first_run = (ROOT / "docs" / "operating.md").read_text().partition("### The first run\n")
    lines = first_run.lstrip().splitlines()
    return "\n".join(itertools.takewhile(lambda line: line.strip(), lines))
