"""The round trip with a core system in a process of its own: extract in, result out, landed; and a loss is found."""

import subprocess
import sys
import urllib.request
from datetime import date, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from honrai.exchange import api
from honrai.exchange.models import Entry
from honrai.exchange.testing import load_bytes
from honrai.parties.models import LedgerEntry, Resident
from honrai.platform.authority.api import system_actor
from honrai.platform.events.api import SYSTEM
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.site.demo.extracts import write_cp932
from honrai.site.demo.residents import generate

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 4, 14)
NOW = datetime(2026, 4, 15, 16, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ACTOR = system_actor(1, NOW.date())


class Legacy:
    """The other system as its own process, and somebody signed in at it."""

    def __init__(self, folder: Path, residents: Path, *more: str) -> None:
        command = [
            sys.executable,
            "-m",
            "examples.legacy_core",
            "--port",
            "0",
            "--folder",
            str(folder),
            "--residents",
            str(residents),
        ]
        self._process = subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert self._process.stdout.readline().startswith("residents:")
        self.url = self._process.stdout.readline().split()[0]
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def sign_in(self, password: str = "9999") -> str:
        return self.post("login", user="ROBOT01", password=password)

    def post(self, path: str, **fields: str) -> str:
        body = urlencode(fields, encoding="cp932").encode()
        return self._browser.open(self.url + path, body, timeout=20).read().decode("cp932")

    def get(self, path: str) -> bytes:
        return self._browser.open(self.url + path, timeout=20).read()

    def upload(self, content: bytes) -> str:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        head += b"Content-Type: application/octet-stream\r\n\r\n"
        request = urllib.request.Request(self.url + "kj900", head + content + b"\r\n--x--\r\n")
        request.add_header("Content-Type", "multipart/form-data; boundary=x")
        return self._browser.open(request, timeout=20).read().decode("cp932")

    def extract(self, day: date) -> bytes:
        assert "I950" in self.post("kj950", day=f"{day:%Y%m%d}")
        return self.get(f"extracts/KJ950_{day:%Y%m%d}.txt")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture
def start(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path / "files"), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)
    write_cp932(generate(120, 5, DAY), tmp_path)
    running: list[Legacy] = []

    def begin(*more: str) -> Legacy:
        running.append(Legacy(tmp_path / "legacy", tmp_path / "residents.csv", *more))
        running[-1].sign_in()
        return running[-1]

    yield begin
    for one in running:
        one.stop()


def children(tmp_path: Path, count: int) -> list[Resident]:
    for name in ("residents", "households"):
        load_bytes(f"{name}-full", (tmp_path / f"{name}.csv").read_bytes(), as_of=DAY, actor=ACTOR, now=NOW)
    return list(Resident.objects.filter(nationality="日本").order_by("-born_on", "number")[:count])


def granted(child: Resident, number: int) -> int:
    values = {
        "recipient_no": f"{number:07}", "person_no": child.number, "name": child.name, "birth": child.born_on.isoformat(),
        "since": "2026-04-01", "until": "2031-03-31", "insurer_no": "01430016",
    }  # fmt: skip
    return api.put_out(
        layout="child-medical-entry", reference=f"case/{number}", values=values, who=SYSTEM, now=NOW, case=number
    )


def handed_over(keys: list[int], way: api.Way = "bulk") -> bytes:
    done = api.hand_over(layout="child-medical-entry", way=way, entries=keys, actor=ACTOR, now=NOW)
    return files.fetch(done.file, who=SYSTEM, now=NOW)[1] if done.file else b""


def next_day(extract: bytes, days: int = 0) -> None:
    load_bytes(
        "child-medical-ledger", extract, as_of=NOW.date() + timedelta(days), actor=ACTOR, now=NOW + timedelta(days, 60)
    )


def states() -> dict[int, str]:
    return dict(Entry.objects.values_list("case", "state"))


def test_extract_in_result_out_and_the_next_extract_proves_it(city, tmp_path, start):
    legacy = start()
    keys = [granted(child, n) for n, child in enumerate(children(tmp_path, 3), start=1)]
    assert "エラー 0 件" in legacy.upload(handed_over(keys))
    next_day(legacy.extract(NOW.date()))
    assert states() == {1: "landed", 2: "landed", 3: "landed"}
    line = LedgerEntry.objects.get(key="0000001")
    assert (line.since, line.until, line.values["insurer_no"]) == (date(2026, 4, 1), date(2031, 3, 31), "01430016")
    assert line.values["name"] == Resident.objects.get(number=line.number).name


def test_a_planted_loss_is_found_and_mended(city, tmp_path, start):
    legacy = start("--lose-every", "3")
    keys = [granted(child, n) for n, child in enumerate(children(tmp_path, 4), start=1)]
    assert "エラー 0 件" in legacy.upload(handed_over(keys))
    next_day(legacy.extract(NOW.date()))
    assert states() == {1: "landed", 2: "landed", 3: "missing", 4: "landed"}
    lost = Entry.objects.get(state="missing")
    assert lost.differences == [{"field": "", "ours": "0000003", "theirs": ""}]
    assert "エラー 0 件" in legacy.upload(handed_over([lost.pk]))
    next_day(legacy.extract(NOW.date() + timedelta(1)), days=1)
    assert set(states().values()) == {"landed"}


def test_what_somebody_typed_wrong_on_the_screen_is_named_by_field(city, tmp_path, start):
    legacy = start()
    child = children(tmp_path, 1)[0]
    key = granted(child, 1)
    cells = [text for _, text in api.cells_of(key, contract=None, actor=ACTOR, now=NOW)]
    handed_over([key], "copy")
    names = ("kubun", "jukyu_no", "atena_no", "shimei", "seinen", "kaishi", "shuryo", "hokensha")
    typed = dict(zip(names, cells, strict=True)) | {"shuryo": "5310331"}
    assert "内容ヲ確認シテ" in legacy.post("kj010", step="confirm", **typed)
    assert "I001" in legacy.post("kj010", step="register", **typed)
    next_day(legacy.extract(NOW.date()))
    assert states() == {1: "missing"}
    assert Entry.objects.get().differences == [{"field": "until", "ours": "2031-03-31", "theirs": "2049-03-31"}]


def test_the_screens_are_shut_without_signing_in_and_say_their_codes(city, tmp_path, start):
    legacy = start()
    child = children(tmp_path, 1)[0]
    assert child.name in legacy.post("kj020", atena_no=child.number)
    assert "E103" in legacy.post("kj020", atena_no="1")
    assert "E901" in legacy.upload(b"short\r\n")
    bad = {
        "kubun": "1",
        "jukyu_no": "12",
        "atena_no": child.number,
        "shimei": "",
        "seinen": "",
        "kaishi": "",
        "shuryo": "",
        "hokensha": "",
    }
    assert "E102" in legacy.post("kj010", step="register", **bad)
    stranger = start()
    stranger._browser = urllib.request.build_opener()
    assert "利用者番号" in stranger.post("kj020", atena_no=child.number)
    assert "E001" in stranger.sign_in("wrong")
