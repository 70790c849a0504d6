"""A file of many applications: columns found, rows rejected by line and field, sent again doubles nothing."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from honrai.cases.models import Case
from honrai.intake import api
from honrai.intake.reception import batching
from honrai.intake.reception.models import Batch
from honrai.intake.reception.tables import guess, read_table
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures


def _form():
    return procedures.runnable(procedures.version_on("kodomo-iryo", NOW.date()).id).pack.form


def _table(*rows: dict[str, str]) -> bytes:
    """A CSV as spreadsheets of a Japanese office write it: Shift_JIS, headings by full name."""
    from honrai.intake.reception.tables import questions

    labels = {one.key: one.label for one in questions(_form())}
    heads = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(labels[key] for key in heads), *(",".join(row.get(key, "") for key in heads) for row in rows)]
    return "\r\n".join(lines).encode("cp932")


def _row(name: str, **changed: str) -> dict[str, str]:
    from honrai.cases.testing import VALUES

    said = {key: "はい" if value is True else str(value) for key, value in VALUES.items()}
    return said | {"child.name": name} | changed


def _upload(actor, content):
    return api.upload(
        procedure="kodomo-iryo", content=content, name="一覧.csv", arrived_on=NOW.date(), actor=actor, now=NOW
    )


def test_rows_become_applications_and_wrong_ones_are_named_by_line_and_field(town):
    rows = (
        _row("本来　一郎"),
        _row("本来　次郎", **{"child.born": "きのう"}),
        _row("本来　三郎", **{"guardian.name": ""}),
    )
    key = _upload(town.clerk, _table(*rows))
    batch = batching.batch_for(town.clerk, key, NOW)
    seen = batching.preview(batch, actor=town.clerk, now=NOW)
    assert [(one.line, one.name, bool(one.wrong)) for one in seen] == [
        (2, "本来　一郎", False),
        (3, "本来　次郎", True),
        (4, "本来　三郎", True),
    ]
    api.order(batch=key, actor=town.clerk, now=NOW)
    assert api.take_some(batch=key, actor=town.clerk, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.doubled) == ("done", 1, 0)
    assert [(one["line"], one["field"]) for one in batch.rejects] == [(3, "生年月日"), (4, "氏名")]
    assert Case.objects.get().channel == "file"
    with pytest.raises(Conflict):
        api.order(batch=key, actor=town.clerk, now=NOW)


def test_the_file_sent_again_doubles_nothing_and_only_what_was_mended_comes_in(town, monkeypatch):
    monkeypatch.setattr(batching, "AT_ONCE", 2)
    for rows, done, doubled in (
        (("本来　一郎", "本来　次郎", "本来　三郎"), 3, 0),
        (("本来　一郎", "本来　次郎", "本来　三郎", "本来　四郎"), 1, 3),
    ):
        key = _upload(town.clerk, _table(*(_row(name) for name in rows)))
        api.order(batch=key, actor=town.clerk, now=NOW)
        assert not api.take_some(batch=key, actor=town.clerk, now=NOW)
        assert api.take_some(batch=key, actor=town.clerk, now=NOW)
        batch = Batch.objects.get(pk=key)
        assert (batch.done, batch.doubled) == (done, doubled)
    assert Case.objects.count() == 4


def test_only_who_brought_it_opens_it_and_a_question_has_one_column(town):
    key = _upload(town.clerk, _table(_row("本来　一郎")))
    for other in (town.second, town.operator):
        with pytest.raises(Denied):
            batching.batch_for(other, key, NOW)
    with pytest.raises(Invalid, match="2つの列"):
        api.remap(batch=key, mapping={"a": "child.name", "b": "child.name"}, actor=town.clerk, now=NOW)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04x", b"only,headings", b"\x81\xff\x00\xfe"])
def test_what_is_no_table_is_refused_in_words(town, content):
    with pytest.raises(Invalid):
        _upload(town.clerk, content)
    with pytest.raises(Invalid, match="先の日付"):
        api.upload(
            procedure="kodomo-iryo",
            content=_table(_row("甲")),
            name="x",
            arrived_on=NOW.date() + timedelta(1),
            actor=town.clerk,
            now=NOW,
        )


def test_a_workbook_reads_like_a_csv_and_rows_of_a_section_have_columns_of_their_own(town):
    book = Workbook()
    book.active.append(["氏名 ", "世帯の全員(児童生徒と保護者も書いてください) 1件目 氏名", None])
    book.active.append([" 甲 ", NOW.date(), None])
    out = BytesIO()
    book.save(out)
    headings, rows = read_table(out.getvalue())
    assert (headings[0], rows[0][:2]) == ("氏名", ["甲", NOW.date().isoformat()])
    form = procedures.runnable(procedures.version_on("shugaku-enjo", NOW.date()).id).pack.form
    assert guess(headings, form) == {headings[1]: "members[0].name"}
