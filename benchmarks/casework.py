"""Casework at a city's size: `python -m benchmarks.casework [cases] [residents] [folder]` (1,000,000 and 740,000 unless told).

A throw-away PostgreSQL with fsync on, the run-time role under row-level security; a folder, where given, keeps the town for the
next run. Pages are asked of the real web server (`honrai serve`'s, 2 processes of 4 threads) over HTTP, signed in, each on a
connection kept open; claim, complete and submit are the operations with their commit. Client, server and database share the
machine, so the processor time of server and database stands beside the wall.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PORT = 8931
USERS, THINK = 16, 2.0
CLIENTS = 50


def main() -> None:
    """Generate, measure, print."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    residents = int(sys.argv[2]) if len(sys.argv) > 2 else 740_000
    from benchmarks._casework_town import made

    with tempfile.TemporaryDirectory(prefix="hc") as new:
        folder = Path(sys.argv[3] if len(sys.argv) > 3 else new)
        folder.mkdir(exist_ok=True)
        server, people = made(folder, cases, residents)
        try:
            from benchmarks._casework_site import stand_still

            stand_still()
            _operations(people)
            with _site() as site:
                _pages(people, site)
        finally:
            server.stop()


@dataclass(frozen=True)
class Site:
    """The running web server."""

    process: Any

    def processor(self) -> float:
        """Return seconds of processor time of the server's processes so far."""
        return sum(_spent(pid) for pid in [self.process.pid, *_children(self.process.pid)])


@contextmanager
def _site() -> Iterator[Site]:
    command = ["granian", "--interface", "wsgi", "--port", str(PORT), "--workers", "2", "--blocking-threads", "4"]
    site = subprocess.Popen(
        [sys.executable, "-m", *command, "--log-level", "error", "benchmarks._casework_site:application"],
        cwd=ROOT,
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": ""},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            time.sleep(0.3)
            try:
                if Browser("").get("/healthz") == 200:
                    break
            except OSError:
                continue
        yield Site(site)
    finally:
        site.terminate()
        site.wait()


class Browser:
    """A signed-in browser with one connection kept open; every answer is read to its end."""

    def __init__(self, session: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        token = "a" * 32
        self._with = {"Host": "a.test", "Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}

    def get(self, path: str) -> int:
        """Read a page and return its status."""
        self._line.request("GET", path, headers=self._with)
        return self._read()

    def post(self, path: str, **fields: str) -> int:
        """Send a form and return the status."""
        from urllib.parse import urlencode

        headers = self._with | {"Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("POST", path, body=urlencode(fields), headers=headers)
        return self._read()

    def _read(self) -> int:
        answer = self._line.getresponse()
        answer.read()
        return answer.status


def browser_of(actor: Any) -> Browser:
    """Return a browser in which somebody is signed in."""
    from honrai.platform.signin.testing import signed_in

    return Browser(signed_in(actor).cookies["sessionid"].value)


def _pages(people: Any, site: Site) -> None:
    """What is read and searched over HTTP."""
    from honrai.cases.models import Case
    from honrai.platform.cities.tenancy import in_city

    with in_city(1):
        some = list(Case.objects.filter(closed_at=None).order_by("pk").values_list("pk", "number", "kana")[100:300])
    old, papers = some[0][0], _full_case(people, some[0][0])
    operator, clerk = browser_of(people.operator), browser_of(people.clerk)
    find = {"purpose": "case"}
    rows: tuple[tuple[str, Callable[[int], int]], ...] = (
        ("work list page, 1 user", lambda n: operator.get("/desk/work/")),
        ("work list page 20, filter by ward", lambda n: operator.get("/desk/work/?ward=%E6%9D%B1%E5%8C%BA&page=20")),
        ("list of cases, an official", lambda n: clerk.get("/desk/cases/")),
        ("search by receipt", lambda n: operator.post("/desk/open/", q=some[n][1], **find)),
        ("search by kana", lambda n: operator.post("/desk/open/", q=some[n][2][:4], **find)),
        ("open a case: 200 events, 40 pages", lambda n: clerk.get(f"/desk/case/{old}/")),
        ("a page of its papers", lambda n: clerk.get(f"/desk/case/{old}/file/{papers}/page/{1 + n % 10}/")),
        ("home of an operator", lambda n: operator.get("/desk/")),
        ("board of a procedure", lambda n: clerk.get("/desk/board/kodomo-iryo/")),
    )
    for what, act in rows:
        for _ in range(8):  # both processes have read the pack and the templates
            assert act(0) < 400, what
        before, database = site.processor(), _all_backends()
        found = _times(100, act)
        _print(what, found, site.processor() - before, _all_backends() - database)
    _print(f"work list, {USERS} users who think {THINK:g} s", _together(people, USERS, THINK, 8))
    started = time.perf_counter()
    found = _together(people, 8, 0, 60)
    _print(f"work list, 8 users without a pause: {len(found) / (time.perf_counter() - started):.0f} pages/s", found)
    _count_queries(people, old)


def _full_case(people: Any, case: int) -> int:
    """Give a case 200 events and four papers of ten pages; return the file of the first."""
    from benchmarks._casework_papers import papers
    from honrai.cases.models import Case
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.models import LogEntry

    with in_city(1):
        _grow(case, people, 200 - LogEntry.objects.filter(case_id=case).count())
        row = Case.objects.get(pk=case)
        if not row.attachments:
            row.attachments = [{"id": "insurance", "file": file} for file in papers(people, 4, 10)]
            row.save(update_fields=["attachments"])
        return int(row.attachments[0]["file"])


def _grow(case: int, people: Any, events: int) -> None:
    from honrai.platform.events.api import record
    from honrai.platform.organisations.testing import NOW

    for _ in range(events):
        record("cases.read", who=people.clerk.who, now=NOW, subject=("case", case), case=case)


def _count_queries(people: Any, case: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from honrai.platform.signin.testing import signed_in

    for who in ("operator", "clerk"):
        browser = signed_in(getattr(people, who))
        browser.get(f"/desk/case/{case}/")
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/desk/case/{case}/")
        frame = ("SELECT set_config", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        print(f"queries of the case, {who}: {sum(not one['sql'].startswith(frame) for one in asked)}")


def _operations(people: Any) -> None:
    """Claim, complete and submit with their commit, audit and outbox."""
    from benchmarks._casework_papers import submit
    from honrai.cases import api as cases
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    taken: list[tuple[int, Any]] = []

    def claim(n: int) -> None:
        actor = replace(people.operator, person=50_000 + n + int(time.time()) % 1_000_000 * 1000)
        with in_city(1):
            task = cases.claim_next(actor=actor, now=NOW)
        taken.append((task or 0, actor))

    def complete(n: int) -> None:
        task, actor = taken[n]
        with in_city(1):
            cases.complete(task=task, result="", actor=actor, now=NOW)

    for what, act in (("claim next", claim), ("complete a task", complete)):
        own, database = time.process_time(), _backend()
        found = _times(300, act)
        _print(what, found, time.process_time() - own, _backend() - database)
    _print("submit with three attachments: the last button", submit(people, 60))
    _steps(people)
    _fifty(people)


def _steps(people: Any) -> None:
    """The same step in cases of 10 and of 1,000 events, taken in turn so that the machine is the same for both."""
    from honrai.cases import api as cases
    from honrai.cases.models import Task
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(1):
        rows = Task.objects.filter(state="open", node="receive_check", claimed_by=None).order_by("-pk")
        tasks = list(rows.values_list("pk", "case_id")[:80])
    found: dict[int, list[float]] = {10: [], 1000: []}
    for place, (task, case) in enumerate(tasks):
        size = (10, 1000)[place % 2]
        with in_city(1):
            _grow(case, people, size - 6)
            cases.claim(task=task, actor=people.operator, now=NOW)
        started = time.process_time(), time.perf_counter()
        with in_city(1):
            cases.complete(task=task, result="", actor=people.operator, now=NOW)
        found[size].append(time.perf_counter() - started[1])
    for size, seconds in found.items():
        _print(f"complete a step in a case of {size:,} events", seconds)
    print(f"ratio of the medians {statistics.median(found[1000]) / statistics.median(found[10]):.2f}")


def _fifty(people: Any) -> None:
    """Fifty people press "next" at once."""
    from django.db import connections

    from honrai.cases import api as cases
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    start, got, seconds = threading.Barrier(CLIENTS), [], []

    def one(number: int) -> None:
        actor = replace(people.operator, person=90_000_000 + int(time.time()) * 100 + number)
        with in_city(1):
            cases.count_open_of_contract(0, NOW)  # connected
        start.wait()
        began = time.perf_counter()
        with in_city(1):
            got.append(cases.claim_next(actor=actor, now=NOW))
        seconds.append(time.perf_counter() - began)
        connections.close_all()

    _run([threading.Thread(target=one, args=(number,)) for number in range(CLIENTS)])
    _print(f"claim next, {CLIENTS} at once", seconds)
    print(f"granted {len(got)}, twice {len(got) - len(set(got))}, refused {got.count(None)}")


def _together(people: Any, users: int, think: float, rounds: int) -> list[float]:
    """People who look at the list and think."""
    found: list[float] = []
    browsers = [browser_of(people.operator) for _ in range(users)]

    def one(number: int) -> None:
        time.sleep(think * number / users)
        for _ in range(rounds):
            started = time.perf_counter()
            assert browsers[number].get("/desk/work/") == 200
            found.append(time.perf_counter() - started)
            time.sleep(think)

    _run([threading.Thread(target=one, args=(number,)) for number in range(users)])
    return found


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _times(count: int, act: Callable[[int], Any]) -> list[float]:
    found = []
    for number in range(count):
        started = time.perf_counter()
        act(number)
        found.append(time.perf_counter() - started)
    return found


def _print(what: str, seconds: list[float], processor: float | None = None, database: float = 0) -> None:
    cut = statistics.quantiles(seconds, n=20)
    each = 1000 / len(seconds)
    spent = "" if processor is None else f"; processor {processor * each:.1f} ms + database {database * each:.1f} ms"
    middle, slow = statistics.median(seconds) * 1000, cut[18] * 1000
    print(f"{what}: p50 {middle:.1f} ms, p95 {slow:.1f} ms ({len(seconds)} times{spent})", flush=True)


def _backend() -> float:
    """Return seconds of processor time of this connection's database process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _spent(cursor.fetchone()[0])


def _all_backends() -> float:
    """Return seconds of processor time of all connections' database processes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return sum(_spent(pid) for (pid,) in cursor.fetchall())


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [each for child in map(int, listed) for each in (child, *_children(child))]


def _spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
