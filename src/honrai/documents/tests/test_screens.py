"""The screens of paper answer: custody forms, upload, pages, crops, keying, drawing; strangers see nothing."""

import io
import json
import zipfile

import pytest

from honrai.cases.testing import VALUES
from honrai.documents import api, testing
from honrai.documents.models import Container, Filing, Incident, Reading, Sheet, Template
from honrai.documents.operations.verifying import open_readings
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api as procedures


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """The day the people of the town have their posts."""


def _read_one(town, bundle):
    version = procedures.version_on("kodomo-iryo", NOW.date()).id
    content = testing.as_file(testing.filled(version, VALUES))
    api.take_in(batch=bundle.pk, content=content, name="a.pdf", source="upload", actor=town.clerk, now=NOW)
    api.read_filing(Filing.objects.get().pk, now=NOW)


def test_a_box_is_registered_given_and_taken_on_screen(town):
    clerk, operator = signed_in(town.clerk), signed_in(town.operator)
    sent = {"kind": "box", "count": "4", "arrived_on": "R080415", "note": "医療費"}
    assert clerk.post("/documents/", sent).status_code == 302
    box = Container.objects.get()
    at = f"/documents/{box.pk}/"
    assert clerk.post(at, {"do": "give", "contract": town.contract, "count": "4"}).status_code == 302
    page = operator.get(at).content.decode()
    assert "数えて受け取る" in page
    assert operator.post(at, {"do": "take", "count": "3"}).status_code == 302
    incident = Incident.objects.get()
    assert "数が合わないもの" in clerk.get("/documents/").content.decode()
    clerk.post(f"/documents/incidents/{incident.pk}/", {"explanation": "数え間違い", "agreed": "3"})
    incident.refresh_from_db()
    assert incident.agreed == 3
    assert clerk.get(f"/documents/?label={box.code}").status_code == 302
    assert clerk.get("/documents/?label=HR-B26-999999").status_code == 422
    assert clerk.get(f"{at}labels.pdf").content.startswith(b"%PDF")
    assert signed_in(town.personnel).get(at).status_code == 403


def test_a_scan_is_uploaded_seen_and_keyed_on_screen(town, bundle):
    clerk = signed_in(town.clerk)
    version = procedures.version_on("kodomo-iryo", NOW.date()).id
    good = io.BytesIO(testing.as_file(testing.filled(version, VALUES)))
    good.name = "a.pdf"
    bad = io.BytesIO(b"PK\x03\x04")
    bad.name = "b.zip"
    assert clerk.post(f"/documents/{bundle.pk}/upload/", {"files": [bad, good]}).status_code == 302
    page = clerk.get(f"/documents/{bundle.pk}/").content.decode()
    assert "隔離" in page
    assert "圧縮したファイル" in page
    sheet = Sheet.objects.order_by("number").first()
    for size in ("small", "large"):
        assert clerk.get(f"/documents/pages/{sheet.pk}/{size}.jpg").content.startswith(b"\xff\xd8")
    assert "1 / 2ページ" in clerk.get(f"/documents/pages/{sheet.pk}/").content.decode()
    api.read_filing(Filing.objects.get().pk, now=NOW)
    assert "日付を続けて確認" in clerk.get("/documents/verify/").content.decode()
    items = clerk.get("/documents/verify/accounts/ahead/").json()["items"]
    assert items
    assert not any(one["text"] for one in items), "money and accounts are keyed unseen"
    first = clerk.get("/documents/verify/dates/ahead/").json()["items"][0]
    assert clerk.get(first["crop"]).content.startswith(b"\x89PNG")
    assert clerk.post(first["key"], {"text": "だめ", "strokes": "3"}).status_code == 422
    assert clerk.post(first["key"], {"text": first["text"], "strokes": "1"}).json()["settled"]
    with zipfile.ZipFile(io.BytesIO(clerk.get("/documents/verify/corrections.zip").content)) as archive:
        (line,) = archive.read("labels.jsonl").decode().splitlines()
        assert json.loads(line)["crop"] in archive.namelist()
    stranger = signed_in(town.personnel)
    for address in (first["crop"], f"/documents/pages/{sheet.pk}/large.jpg", first["filing"]):
        assert stranger.get(address).status_code == 404
    assert stranger.post(first["key"], {"text": "x"}).status_code == 404


def test_a_whole_paper_is_keyed_beside_its_page(town, bundle):
    _read_one(town, bundle)
    clerk = signed_in(town.clerk)
    filing = Filing.objects.get()
    at = f"/documents/papers/{filing.pk}/"
    assert "2人で入力" in clerk.get(at).content.decode()
    names = {row.pk: row for row in open_readings(town.clerk)}
    born = Reading.objects.get(field="child.born")
    assert clerk.post(at, {f"r{born.pk}": "ちがう"}).status_code == 422
    assert clerk.post(at, {f"r{born.pk}": "R080410"}).status_code == 302
    born.refresh_from_db()
    assert (born.state, born.value) == ("keyed", "2026-04-10")
    assert open_readings(town.clerk).count() == len(names) - 1
    assert clerk.post(at, {"aside": "1", "reason": "別の手続の紙"}).status_code == 302
    filing.refresh_from_db()
    assert filing.state == "aside"


def test_a_form_from_outside_is_drawn_put_to_use_and_read_with_its_number_hidden(town):
    version = procedures.version_on("kodomo-iryo", NOW.date()).id
    clerk = signed_in(town.clerk)
    blank = io.BytesIO(procedures.form_pdf(version))
    blank.name = "blank.pdf"
    answer = clerk.post("/documents/templates/", {"code": "outside", "title": "他市の様式", "blank": blank})
    row = Template.objects.get()
    at = answer.headers["Location"]
    insurer = next(box for box in procedures.form_map(version).boxes if box.field == "insurer.number")
    place = {"page": insurer.page, "x": insurer.x, "y": insurer.y, "w": insurer.w, "h": insurer.h}
    branch = next(box for box in procedures.form_map(version).boxes if box.field == "account.number")
    other = {"page": branch.page, "x": branch.x, "y": branch.y, "w": branch.w, "h": branch.h}
    boxes = [
        {"field": "insurer.number", "label": "保険者番号", "type": "insurer_number", "kind": "comb", "cells": 8}
        | place,
        {"field": "my.number", "label": "個人番号", "type": "personal_number", "kind": "comb", "cells": 12} | other,
    ]
    send = {"content_type": "application/json"}
    assert clerk.post(at, json.dumps({"boxes": [{**boxes[0], "x": 900}]}), **send).status_code == 422
    assert clerk.post(at, json.dumps({"boxes": [{**boxes[0], "label": ""}]}), **send).status_code == 422
    assert clerk.post(at, "[]", **send).status_code == 422
    assert clerk.post(at, json.dumps({"boxes": boxes, "sums": []}), **send).json() == {"saved": True}
    assert "この版を使い始める" in clerk.get(at).content.decode()
    assert clerk.post(f"{at}publish/").status_code == 302
    assert clerk.post(at, json.dumps({"boxes": boxes}), **send).status_code == 422, "a version in use never changes"
    said = {"kind": "bundle", "arrived_on": NOW.date(), "actor": town.clerk, "now": NOW}
    bundle = api.register(count=2, template=row.pk, **said)
    scans = testing.filled(version, VALUES)
    for scan in scans:  # a form without our marks and code
        scan[:220, :], scan[-190:, :] = 255, 255
    _take_outside(bundle, scans, town.clerk)
    api.read_filing(Filing.objects.get().pk, now=NOW)
    sheet = Sheet.objects.get(form_page=branch.page)
    assert sheet.masked == 1
    reading = Reading.objects.get(field="insurer.number")
    assert (reading.state, reading.value) == ("accepted", VALUES["insurer.number"])
    assert not Reading.objects.filter(field="my.number").exists()
    noise = testing.with_code("nothing")
    _take_outside(bundle, [noise], town.clerk)
    assert Sheet.objects.order_by("-number").first().image is None, "a number that cannot be hidden is not kept"


def _take_outside(bundle, pages, actor):
    scan = api.take_in(
        batch=bundle.pk, content=testing.as_file(pages), name="o.pdf", source="upload", actor=actor, now=NOW
    )
    assert not scan.fault
