"""The limits of 高額療養費 by table, and the numbers on a receipt."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from honrai.claims.rules.claim import Scheme, claim_of
from honrai.claims.rules.high_cost import limit_of
from honrai.claims.rules.lines import compose_line
from honrai.claims.rules.receipt import Receipt
from honrai.claims.rules.settings import medical_aid, value
from honrai.claims.rules.uke import read_uke
from honrai.claims.rules.verify import check_codes, same_claim
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

VECTORS = Path(__file__).parent / "vectors"
LIMITS = yaml.safe_load((VECTORS / "limits.yaml").read_text("utf-8"))
CODES = yaml.safe_load((VECTORS / "codes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("row", LIMITS, ids=str)
def test_limit(row):
    name = "high_cost.from70" if row.get("elder") else "high_cost.under70"
    table = value(medical_aid(), name, YearMonth.parse(row["month"]))
    found = limit_of(table[row["class"]], Yen(row["cost"]), frequent=row.get("frequent", False))
    assert found == Yen(row["limit"])


def _receipt(row: dict) -> Receipt:
    lines = [
        ["IR", "1", "43", "1", row.get("institution", "0123452"), "", "サンプル医院", "202610", "00"],
        ["RE", "1", "1124", "202609", "熊本　花子", "2", "20210510"],
        ["HO", row.get("insurer", "01430016"), "123", "4567", "1", "612"],
        ["KO", row.get("payer", "80430010"), row.get("recipient", "1234566"), "", "1", "612", "700"],
    ]
    parts = list(read_uke(io.BytesIO(b"".join(map(compose_line, lines)))))
    return parts[1]


@pytest.mark.parametrize("row", CODES, ids=[row["name"] for row in CODES])
def test_codes(row):
    found = list(check_codes(_receipt(row)))
    assert [problem.field for problem in found if problem.fatal] == row["problems"]
    assert [problem.field for problem in found if not problem.fatal] == row.get("remarks", [])


def test_the_same_claim_sent_twice_has_one_key():
    claim = claim_of(_receipt({}), {"80430010": Scheme.CHILD}, "1")
    assert same_claim(claim) == same_claim(replace(claim, key="2"))
    assert same_claim(claim) != same_claim(replace(claim, person="0001230"))
