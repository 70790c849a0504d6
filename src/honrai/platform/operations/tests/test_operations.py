"""The technical log holds ids and no names and reaches a real syslog; figures are for near machines; ready means migrated."""

import json
import logging
import logging.config
import os
import re
import socket
import subprocess
import sys
from io import StringIO

import pytest
from conftest import CITY_A
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.connection import ConnectionProxy

from honrai.platform.cities.tenancy import in_city
from honrai.platform.operations import views
from honrai.platform.operations.logs import json_formatter, logging_settings, syslog_address, syslog_handler
from honrai.platform.operations.metrics import may_read
from honrai.platform.organisations.testing import small_city
from honrai.platform.signin.gate import public
from honrai.platform.signin.testing import signed_in
from honrai.site.urls import handler404, handler500  # noqa: F401  (this module serves as URL configuration)


@public
def _broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("本来 花子")


urlpatterns = [path("broken/", _broken), path("", include("honrai.site.urls"))]


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


@pytest.fixture
def lines():
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.removeHandler(handler)


def test_a_request_is_one_line_without_names(people, lines):
    answer = signed_in(people.clerk).get("/desk/cases/?q=本来花子")
    (line,) = [line for line in lines() if line["event"] == "request"]
    assert answer.status_code == line["status"] == 200
    assert (line["city"], line["person"], line["path"]) == (people.city, people.clerk.person, "/desk/cases/")
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", line["reference"])
    assert line["ms"] > 0
    assert "本来花子" not in json.dumps(lines(), ensure_ascii=False)


def test_an_unknown_address_may_hold_anything_and_is_not_written(people, lines):
    signed_in(people.clerk).get("/本来花子/")
    assert [line["path"] for line in lines() if line["event"] == "request"] == ["(unknown)"]


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_shows_a_number_and_logs_the_place_under_it(people, lines):
    browser = signed_in(people.clerk)
    browser.raise_request_exception = False
    answer = browser.get("/broken/")
    page = answer.content.decode()
    failed = next(line for line in lines() if line["event"] == "request failed")
    assert answer.status_code == 500
    assert failed["reference"] in page
    assert failed["error"] == "builtins.ZeroDivisionError"
    assert failed["frames"][-1].endswith(" _broken")
    for told in (page, json.dumps(lines(), ensure_ascii=False)):
        assert "本来 花子" not in told
        assert "Traceback" not in told


def test_lines_reach_a_real_syslog_socket():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        handler = syslog_handler(f"udp://127.0.0.1:{server.getsockname()[1]}")
        handler.setFormatter(json_formatter())
        record = logging.LogRecord("honrai.access", logging.INFO, "", 1, "request", None, None)
        record.status = 200
        handler.emit(record)
        handler.close()
        priority, _, line = server.recv(65536).decode().partition("honrai: ")
    assert priority == "<134>"  # local0, info
    assert json.loads(line)["status"] == 200


def test_lines_reach_a_local_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(tmp_path / "log"))
        server.settimeout(5)
        handler = syslog_handler(f"unix://{tmp_path / 'log'}")
        handler.emit(logging.LogRecord("honrai", logging.INFO, "", 1, "hello", None, None))
        handler.close()
        assert server.recv(65536).decode() == "<134>honrai: hello"


@pytest.mark.parametrize("wrong", ["tcp://x:1", "udp://", "/dev/log", "unix://dev/log"])
def test_a_wrong_syslog_address_is_told(wrong):
    with pytest.raises(ValueError, match="HONRAI_SYSLOG"):
        syslog_address(wrong)


def test_the_setting_writes_a_file_by_itself(tmp_path):
    file = tmp_path / "log" / "honrai.jsonl"
    code = (
        "import logging, logging.config; from honrai.platform.operations.logs import logging_settings;"
        f"logging.config.dictConfig(logging_settings(file={str(file)!r}));"
        "logging.getLogger('library').warning('the %s of %s', 'name', '花子', extra={'secret': 1, 'city': 7})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    line = json.loads(file.read_text("utf-8"))
    assert (line["city"], line["level"], line["logger"]) == (7, "warning", "library")
    assert "secret" not in line
    assert logging_settings()["handlers"]["out"]["class"] == "logging.StreamHandler"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.1.2.3", False), ("", False), ("x", False)],
)
def test_who_may_read_the_figures(address, allowed):
    assert may_read(address, ("127.0.0.0/8", "::1")) is allowed


def test_the_figures(committed, stopped_clock):
    with in_city(CITY_A):
        signed_in(small_city(CITY_A).clerk).get("/desk/")
    page = Client(headers={"host": "a.test"}).get("/metrics").content.decode()
    assert re.search(r'^honrai_request_seconds_count\{status="200"\} [1-9]', page, re.M)
    assert 'honrai_jobs{state="todo"}' in page
    assert re.search(rf'^honrai_log_entries_unsealed\{{city="{CITY_A}"\}} [1-9]', page, re.M)


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-For": "127.0.0.1"}])
def test_the_figures_are_not_there_for_others(db, headers):
    near = "127.0.0.1" if headers else "192.0.2.1"
    answer = Client(headers={"host": "a.test"} | headers).get("/metrics", REMOTE_ADDR=near)
    assert answer.status_code == 404
    assert "honrai_jobs" not in answer.content.decode()


def test_counts_of_several_processes_are_added(tmp_path):
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "honrai.site.settings",
    }
    start = "import django; django.setup(); from honrai.platform.operations import metrics;"
    count = "metrics.REQUESTS.labels('200').observe(0.1)"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", start + count], check=True, env=environment)
    show = "metrics._House.collect = lambda self: []; print(metrics.rendered().decode())"
    page = subprocess.run(
        [sys.executable, "-c", start + show], check=True, env=environment, capture_output=True, text=True
    )
    assert 'honrai_request_seconds_count{status="200"} 2.0' in page.stdout


def test_ready_means_migrated(db, monkeypatch):
    browser = Client(headers={"host": "a.test"})
    assert browser.get("/readyz").content == b"ready"
    known = views._known_migrations()
    monkeypatch.setattr(views, "_known_migrations", lambda: known | {("cases", "9999_next")})
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.content[:1]) == (503, b"1")


def test_not_ready_without_a_database(db, monkeypatch):
    from django.db import OperationalError

    def gone(self):
        raise OperationalError("gone")

    monkeypatch.setattr(views, "connection", type("Gone", (ConnectionProxy,), {"cursor": gone})({}, "x"))
    assert Client(headers={"host": "a.test"}).get("/readyz").status_code == 503
