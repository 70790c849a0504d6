"""Writes drawn claims as a claim file (UKE) or a list (CSV), and the truth beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from honrai.claims.generator.drawing import DEFECTS, Drawn
from honrai.claims.generator.world import OTHER_PAYER, PAYERS
from honrai.kernel.year_month import YearMonth

_HEADS = {
    "1": "IR,{agency},43,1,{code},,{name},{month},00,096-000-0000\r\n",
    "3": "UK,{agency},43,3,{code},,{name},{month},00,096-000-0000\r\n",
    "4": "YK,{agency},43,4,{code},{name},{month},00,096-000-0000\r\n",
    "6": "HM,{agency},43,6,{code},{name},{month},00,096-000-0000\r\n",
}
_JD = [f"JD,1,{',' * 4}{'1,' * days}{',' * (27 - days)}\r\n" for days in range(7)]
_SHORT = ",".join([""] * 31)


def write_uke_file(drawn: Drawn, path: Path) -> int:
    """Write a claim file, institution by institution, with head and totals of each; return how many receipts stand in it."""
    month, number = str(YearMonth.of(drawn.month)), 0
    strange = drawn.claims.filter(pl.col("defect") == "unknown_institution")
    plain = drawn.claims.filter(pl.col("defect") != "unknown_institution")
    with path.open("wb") as out:
        for part in (plain, strange):
            for shop in part.partition_by("where", maintain_order=True):
                number += _write_shop(shop, month, drawn.month, number, out)
    return number


def _write_shop(shop: pl.DataFrame, month: str, claimed: date, number: int, out: Any) -> int:
    """Write the receipts of one institution."""
    first = shop.row(0, named=True)
    unknown = first["defect"] == "unknown_institution"
    code = "9999990" if unknown else first["code"]
    head = _HEADS[first["table"]].format(agency=first["agency"], code=code, name=first["place"], month=month)
    out.write(head.encode("cp932"))
    records = total = done = 0
    for row in shop.iter_rows(named=True):
        for _ in range(2 if row["defect"] == "sent_twice" else 1):
            done += 1
            content, count = _receipt(row, number + done, claimed)
            out.write(content)
            records += count
            total += row["total"]
    out.write(f"GO,{records},{total},99\r\n".encode())
    return done


def _receipt(row: dict[str, Any], number: int, claimed: date) -> tuple[bytes, int]:
    """Return one receipt as bytes, and how many HO and KO records it has."""
    written = _written(row, claimed)
    defect, table = row["defect"], row["table"]
    late = row["insurer"].startswith("39")
    kind = f"{table}{3 if late else 1}{3 if row['other'] else 2}{5 if row['inside'] else 6}"
    lines = [_re(row, written, number, kind), *_payers(row, written), *_details(row, written)]
    if defect == "no_payer":
        lines = [line for line in lines if line[:2] not in ("HO", "KO")]
    if defect == "broken_line":
        lines.insert(4, "??こわれた行\r\n")
    if defect == "school_accident":
        lines.append("SJ,01,学校管理下での負傷\r\n")
    content = "".join(lines)
    if defect == "utf8_name":
        name = row["name"].encode("utf-8")
        return content.replace(row["name"], "\0").encode("cp932").replace(b"\0", name), 2 + bool(row["other"])
    return content.encode("cp932"), 0 if defect == "no_payer" else 2 + bool(row["other"])


def _written(row: dict[str, Any], claimed: date) -> dict[str, Any]:
    """Return what the receipt says where a defect makes it say something else."""
    defect, months = row["defect"], row["months"]
    index = claimed.year * 12 + claimed.month - 1
    months = {"too_late": index - 16, "too_early": index}.get(defect, months)
    total = row["total"]
    return {
        "month": "202613" if defect == "bad_month" else f"{months // 12:04}{months % 12 + 1:02}",
        "birth": _written_birth(row, claimed),
        "insurer": _wrong_digit(row["insurer"]) if defect == "insurer_digit" else _insurer(row),
        "payer": _payer(row),
        "total": {"letters_in_total": f"{total}X", "empty_total": ""}.get(defect, str(total)),
        "patient": str((row["patient"] or 0) + (30 if defect == "patient_differs" else 0)),
    }


def _written_birth(row: dict[str, Any], claimed: date) -> str:
    defect, birth = row["defect"], row["birth"]
    if defect == "bad_birth":
        return f"{birth:%Y}0230"
    if defect == "other_birth":
        return f"{birth:%Y%m}{birth.day % 28 + 1:02}"
    treated = claimed.month - 2
    year = claimed.year + treated // 12
    changed = {"too_old": f"{year - 19}0115", "no_card_share": f"{year - 80}0115"}
    return changed.get(defect, f"{birth:%Y%m%d}")


def _insurer(row: dict[str, Any]) -> str:
    if row["defect"] == "other_insurer":
        return "01130012" if row["insurer"] != "01130012" else "33120015"
    number: str = row["insurer"]
    return f"  {number[2:]}" if number.startswith("00") else number


def _payer(row: dict[str, Any]) -> str:
    own = PAYERS[row["scheme"].removesuffix("_full").removesuffix("_part")]
    return {"own_payer_digit": _wrong_digit(own), "foreign_payer": "54016027"}.get(row["defect"], own)


def _wrong_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _re(row: dict[str, Any], written: dict[str, Any], number: int, kind: str) -> str:
    notes = "10" if row["defect"] == "third_party" else ""
    head = f"RE,{number},{kind},{written['month']},{row['name']},"
    if row["table"] == "6":
        return f"{head}カナ,{row['sex']},{written['birth']},,,,{notes}\r\n"
    start = f"{head}{row['sex']},{written['birth']},"
    if row["table"] == "3":
        return f"{start},,,,,,{notes}{',' * 12}カナ\r\n"
    if row["table"] == "4":
        return f"{start},{notes}\r\n"
    return f"{start},,,,{notes},,P{number:05}{',' * 23}カナ,\r\n"


def _payers(row: dict[str, Any], written: dict[str, Any]) -> Iterator[str]:
    table, days, total = row["table"], row["days_count"], written["total"]
    treated = "X" if row["defect"] == "letters_in_days" else days
    yield f"HO,{written['insurer']},123,4567,{treated},{total},{',' * 6}\r\n"
    if row["other"]:
        yield _ko(table, OTHER_PAYER, "0001230", days, total, str(row["other_pays"]))
    yield _ko(table, written["payer"], row["number"], days, total, written["patient"])


def _ko(table: str, payer: str, recipient: str, days: int, total: str, pays: str) -> str:
    gap = ",," if table == "4" else ","
    return f"KO,{payer},{recipient},,{days},{total}{gap}{pays},,,,\r\n"


def _details(row: dict[str, Any], written: dict[str, Any]) -> Iterator[str]:
    table, total = row["table"], row["total"] + (7 if row["defect"] == "wrong_total" else 0)
    yield "SN,1,01,,,,01,,\r\n"
    yield _JD[row["days_count"]]
    yield "MF,00\r\n"
    if table == "1":
        code = "911000110" if row["defect"] == "strange_code" else "111000110"
        base = min(288, total)
        twice, rest = divmod(total - base, 2)
        yield f"SY,8830592,{written['month']}05,1,,,01,\r\n"
        yield f"SI,11,2,{code},,{base},1,,,,,,,{_SHORT}\r\n"
        yield f"SI,60,2,160000310,,{rest},1,,,,,,,{_SHORT}\r\n"
        yield f"IY,21,2,620098801,1,{twice},2,,,,,,,{_SHORT}\r\n"
    elif table == "3":
        yield f"HS,{written['month']}05,,,8830592\r\n"
        yield f"SS,11,1,301000110{',' * 73}{total},1\r\n"
    elif table == "4":
        yield f"CZ,1,{written['month']}05,{written['month']}05,1{',' * 6}{total}\r\n"
    else:
        yield f"KA,1,{written['month']}05,510000110,1,{total}\r\n"


_LIST = (
    "公費負担者番号 受給者番号 氏名 生年月日 保険者番号 医療機関コード 診療年月 入外 点数 "
    "一部負担金 患者負担額 請求額 学校管理下 第三者行為"
)


def write_list_file(drawn: Drawn, path: Path) -> int:
    """Write the same claims as a list of paper claims (CSV, Shift_JIS); return how many rows. Defects of records are left out."""
    with path.open("w", encoding="cp932", newline="\r\n") as out:
        out.write(_LIST.replace(" ", ",") + "\n")
        rows = 0
        for row in drawn.claims.iter_rows(named=True):
            if DEFECTS.get(row["defect"]) in ("unreadable", "master-code") or row["other"]:
                continue
            for _ in range(2 if row["defect"] == "sent_twice" else 1):
                rows += _list_row(row, drawn.month, out)
    return rows


def _list_row(row: dict[str, Any], claimed: date, out: TextIO) -> int:
    written = _written(row, claimed)
    code = "9999990" if row["defect"] == "unknown_institution" else row["code"]
    cells = [
        written["payer"], row["number"], row["name"], written["birth"], written["insurer"].strip(), f"43{row['table']}{code}",
        written["month"], "1" if row["inside"] else "2", written["total"], str(row["share"] or 0), written["patient"],
        str(row["city"] or 0), "1" if row["defect"] == "school_accident" else "", "1" if row["defect"] == "third_party" else "",
    ]  # fmt: skip
    out.write(",".join(cells) + "\n")
    return 1


def write_truth(drawn: Drawn, path: Path) -> None:
    """Write what is true of each claim: receipt in the file (the second of a double), recipient, institution, defect, amounts."""
    finding = pl.col("defect").replace_strict(DEFECTS, default="")
    times = pl.when(pl.col("defect") == "sent_twice").then(2).otherwise(1)
    last = pl.col("defect") == "unknown_institution"
    in_order = pl.concat([drawn.claims.filter(~last), drawn.claims.filter(last)]).with_columns(receipt=times.cum_sum())
    in_order.select(
        "receipt",
        "number",
        "code",
        "table",
        "months",
        "care",
        "inside",
        "total",
        "defect",
        finding.alias("finding"),
        "share",
        "patient",
        "city",
    ).write_csv(path)


def write_ledger(drawn: Drawn, folder: Path) -> None:
    """Write the ledger of recipients and the register of institutions the claims are judged by."""
    drawn.world.recipients.write_csv(folder / "recipients.csv")
    drawn.world.institutions.write_csv(folder / "institutions.csv")
