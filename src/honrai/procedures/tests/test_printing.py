"""Exports: the zip comes back as the same pack, the manual says everything on screen and on paper, for those who may see it."""

import pypdfium2
import pytest

from honrai.platform.organisations.testing import NOW, SmallCity, small_city
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api
from honrai.procedures.printing.markdown import to_typst
from honrai.procedures.rules.reading import read_zip
from honrai.procedures.tests import packs

PACK = "kodomo-iryo"


@pytest.fixture
def people(city, stopped_clock) -> SmallCity:
    return small_city(city)


@pytest.fixture
def version(people: SmallCity) -> int:
    return api.publish(files=packs.files(PACK), actor=people.head, now=NOW)


def _get(who, address: str):
    return signed_in(who).get(f"/procedures/print/{address}", headers={"host": "a.test"})


def test_the_zip_is_the_same_bytes_each_time_and_comes_back_as_the_same_content(people, version):
    first, second = (_get(people.operator, f"version/{version}/pack.zip").content for _ in range(2))
    assert first == second
    assert read_zip(first).unwrap().address == packs.pack(PACK).address
    draft = api.start_draft_from_zip(raw=first, actor=people.clerk, now=NOW)
    assert _get(people.clerk, f"draft/{draft}/pack.zip").content == first


def test_the_manual_page_holds_every_part_with_the_amounts_of_the_day(people, version):
    page = _get(people.operator, f"version/{version}/manual/?on=R080401").content.decode()
    pack = packs.pack(PACK)
    for said in (
        *(section.title for section in pack.manual),
        *(check.code for check in pack.form.checks),
        *(one.title for one in pack.precedents),
        *(letter.title for letter in pack.letters),
        "1,200円",
        "<svg",
        "外来の自己負担上限",
        "2026年4月1日",
        "申請の区分が「新規」のとき",
    ):
        assert said in page.replace("&quot;", '"'), said
    assert "この日の値はありません" in _get(people.operator, f"version/{version}/manual/?on=20200401").content.decode()
    assert _get(people.operator, f"version/{version}/manual/?on=abc").status_code == 422


def test_the_manual_on_paper_says_the_same(people, version):
    answer = _get(people.clerk, f"version/{version}/manual.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    text = text.replace("\r\n", "").replace("\n", "")
    for said in ("目次", "受付・形式審査", "判断事例", "D-105", "標準処理期間", "第1版"):
        assert said in text, said


def test_the_form_is_handed_out_as_pdf(people, version):
    assert _get(people.operator, f"version/{version}/form.pdf").content.startswith(b"%PDF")


def test_a_draft_with_faults_says_what_to_mend(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    api.write_file(draft=draft, path="form.yaml", content=b"sections: 3", expected=None, actor=people.clerk, now=NOW)
    answer = _get(people.clerk, f"draft/{draft}/manual/")
    assert answer.status_code == 422
    assert "form.yaml" in answer.content.decode()
    assert _get(people.clerk, f"draft/{draft}/pack.zip").status_code == 200


def test_contractors_see_published_city_packs_but_no_drafts_and_the_city_no_inner_pack(people, version):
    draft = api.start_draft(actor=people.clerk, now=NOW, version=version)
    inner = api.publish(
        files=packs.files("kodomo-iryo-uketsuke"), actor=people.manager, now=NOW, contract=people.contract
    )
    for part in ("pack.zip", "manual/", "manual.pdf"):
        assert _get(people.operator, f"draft/{draft}/{part}").status_code == 404
        assert _get(people.head, f"version/{inner}/{part}").status_code == 404
        assert _get(people.operator, f"version/{inner}/{part}").status_code == 200


@pytest.mark.parametrize("code", packs.ALL)
def test_every_manual_is_set(code):
    from datetime import date

    from honrai.procedures.printing.manual import manual_of
    from honrai.procedures.printing.manual_pdf import manual_pdf

    assert manual_pdf(manual_of(packs.pack(code), date(2026, 6, 1)), version="第1版").startswith(b"%PDF")


def test_what_is_written_is_never_taken_for_typst():
    assert to_typst('#panic("x") *a* `b"`\n') == '#par[#"#panic(\\"x\\") ";#emph[#"a";];#" ";#raw("b\\"");]\n'
    assert to_typst("|a|b|\n|-|-|\n|1|2|\n") == (
        '#table(columns: 2, table.header([#"a";], [#"b";]), [#"1";], [#"2";])\n'
    )
    assert to_typst("##### far down\n\n3. x\n   - y\n") == (
        '#heading(level: 3, [#"far down";])\n#enum(start: 3, [#par[#"x";]\n#list([#par[#"y";]\n])\n])\n'
    )
