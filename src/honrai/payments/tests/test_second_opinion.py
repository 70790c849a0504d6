"""Our layouts against an independent description of the same standard; what differs is listed in docs/reference/bank-files.md."""

import pytest
import yaml
from tests.shared_data import shared

from honrai.payments.rules.banks import standard
from honrai.payments.rules.layout import layouts
from honrai.payments.rules.results import result_codes

FORMATS = {"21": "sougou-furikomi", "91": "kouza-furikae", "11": "kyuyo-furikomi"}
THEIRS_AS_TEXT = {
    "21": {"顧客コード1", "顧客コード2"},
    "91": {"顧客番号"},
    "11": {"社員番号", "所属コード"},
}
"""Declared C there because their schema cannot say "N unless 識別表示 is Y"; the standard says N."""


def theirs(name):
    return yaml.safe_load(shared(f"data/zengin-layouts/formats/{name}.yaml").read_text("utf-8"))


@pytest.mark.shared
@pytest.mark.parametrize("kind", FORMATS)
def test_positions_and_attributes_are_the_same_in_both(kind):
    other = theirs(FORMATS[kind])["format"]
    assert other["type-code"] == kind
    different = set()
    for part, fields in layouts()[kind].records.items():
        described = other["records"][part]["fields"]
        assert [f.width for f in fields] == [f["length"] for f in described], part
        for ours, field in zip(fields, described, strict=True):
            if (ours.kind in ("digits", "number")) != (field["type"] == "N"):
                different.add(field["ja"])
    assert different == THEIRS_AS_TEXT[kind]


@pytest.mark.shared
@pytest.mark.parametrize("kind", FORMATS)
def test_codes_are_the_same_in_both(kind):
    other = theirs(FORMATS[kind])["format"]["records"]
    compared = 0
    for part, fields in layouts()[kind].records.items():
        for ours, field in zip(fields, other[part]["fields"], strict=True):
            if "codes" in field:
                assert ours.codes == tuple(field["codes"].split(",")), field["ja"]
                compared += 1
    assert compared == 2


@pytest.mark.shared
def test_results_mean_the_same_in_both():
    lists = {one["id"]: one["values"] for one in theirs("code-lists")["code-lists"]}
    ours = {code.code: code.meaning for code in result_codes().values()}
    assert ours == {value["code"]: value["ja"] for value in lists["transferResult"]}
    assert {value["code"] for value in lists["newCode"]} == {"0", "1", "2"}


def test_the_standard_alphabets_are_the_narrow_ones():
    symbols = {name: set(letters.symbols) for name, letters in standard().alphabets.items()}
    assert symbols == {
        "office": set("-"),
        "party": set(" ()-."),
        "payroll": set(" "),
        "edi": set(" ()-./¥｢｣"),
    }
    assert [name for name, letters in standard().alphabets.items() if letters.wo] == ["edi"]
