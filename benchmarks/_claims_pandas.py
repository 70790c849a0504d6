"""The peer: the same claim rules in vectorised pandas and numpy, written apart from ours, for claims of one total each."""

import time

import numpy as np
import pandas as pd

LIMITS = {  # by month index of the change: class -> base, start, 多数回
    24319: {"ウ": (85_800, 286_000, 44_400), "エ": (61_500, 1 << 60, 44_400), "オ": (36_900, 1 << 60, 24_600)},
    0: {"ウ": (80_100, 267_000, 44_400), "エ": (57_600, 1 << 60, 44_400), "オ": (35_400, 1 << 60, 24_600)},
}
ELDER = {
    24319: {
        "ウ": (85_800, 286_000, 44_400, 1 << 60),
        "エ": (61_500, 1 << 60, 44_400, 22_000),
        "オ": (25_700, 1 << 60, 24_600, 11_000),
    },
    0: {
        "ウ": (80_100, 267_000, 44_400, 1 << 60),
        "エ": (57_600, 1 << 60, 44_400, 18_000),
        "オ": (24_600, 1 << 60, 1 << 60, 8_000),
    },
}


def adjudicate_pandas(columns: dict[str, list]) -> tuple[pd.DataFrame, float]:
    """Return amounts by row and the seconds they took."""
    d = pd.DataFrame({name: columns[name] for name in (
        "household", "person", "birth", "scheme", "months", "care", "institution", "total", "unit", "other_pays", "insurer",
        "card_percent", "income", "frequent", "supplement",
    )})  # fmt: skip
    d["birth"] = pd.to_datetime(d["birth"])
    started = time.perf_counter()
    before = d["birth"] - pd.Timedelta(days=1)
    bm = (before.dt.year * 12 + before.dt.month - 1).to_numpy(np.int64)
    m = d["months"].to_numpy(np.int64)
    fy, bfy = (m - 3) // 12, (bm - 3) // 12
    cost = d["total"].to_numpy(np.int64) * d["unit"].to_numpy(np.int64)
    first = m // 12 * 10_000 + (m % 12 + 1) * 100 + 1
    born = (d["birth"].dt.year * 10_000 + d["birth"].dt.month * 100 + d["birth"].dt.day).to_numpy(np.int64)
    late = d["insurer"].str.startswith("39").to_numpy(bool) | (first >= born + 750_000)
    card = pd.to_numeric(d["card_percent"]).fillna(0).to_numpy(np.int64)
    elder = m >= bm + 1 + 840
    rate = np.where(late, card, np.where(elder, np.where(card > 0, card, 20), np.where(fy <= bfy + 6, 20, 30)))
    share = (2 * cost * rate + 1000) // 2000 * 10
    other = pd.to_numeric(d["other_pays"]).fillna(1 << 60).to_numpy(np.int64)
    left = np.minimum(share, other)
    high = _high_cost(d, m, cost, left, elder, born, first)
    left = left - high
    over = left - 25_000
    extra = np.where((d["supplement"] == "typical").to_numpy() & (over >= 1_000), over // 100 * 100, 0)
    left = left - extra
    patient = _patient(d, m, bm, fy - bfy - 6, left)
    out = pd.DataFrame(
        {"share": share, "high_cost": high, "supplement_paid": extra, "patient": patient, "city": left - patient}
    )
    return out, time.perf_counter() - started


def _patient(d, m, bm, grade, left):
    scheme, care = d["scheme"].to_numpy(object), d["care"].to_numpy(object)
    band = np.where(grade >= 7, 1_200, np.where(m < bm + 1 + 36, 0, 700))
    cap = np.where(care == "outpatient", band, 0)
    child = scheme == "child"
    places = (
        d[child]
        .assign(left=left[child])
        .groupby(["household", "person", "institution", "care", "months"], sort=False)["left"]
    )
    total = places.cumsum().to_numpy(np.int64)
    copay = np.zeros(len(d), np.int64)
    copay[child] = np.minimum(cap[child], total) - np.minimum(cap[child], total - left[child])
    third = np.minimum(left, (2 * left + 30) // 60 * 10)
    return np.where(child, copay, np.where(scheme == "disabled_full", 0, third))


def _high_cost(d, m, cost, left, elder, born, first):
    """Return what is given back: outpatients of each elder, elders of the household, all with 21,000 yen and more."""
    high = np.zeros(len(d), np.int64)
    known = (d["income"] != "").to_numpy()
    b = d.loc[known, ["household", "person", "care", "institution", "income", "frequent", "months"]].copy()
    b["cost"], b["left"], b["borne"], b["elder"], b["high"] = cost[known], left[known], left[known], elder[known], 0
    index = b["months"].to_numpy(np.int64)
    last = index // 12 * 10_000 + (index % 12 + 1) * 100 + 31
    b["half"] = (last >= born[known] + 750_000) & (first[known] < born[known] + 750_000)
    home = ["household", "months"]
    b[["income", "frequent"]] = b.groupby(home, sort=False)[["income", "frequent"]].transform("first")
    old = b[b["elder"]].copy()
    if len(old):
        limit = _limits(old, ELDER, old.groupby(home)["cost"].transform("sum"))
        out = old[old["care"] != "inpatient"].copy()
        visit = np.array(
            [ELDER[24319 if k >= 24319 else 0][i][3] for k, i in zip(out["months"], out["income"], strict=True)],
            np.int64,
        )
        _cap(out, [*home, "person"], np.where(out["half"], visit // 2, visit))
        old.loc[out.index, ["left", "high"]] = out[["left", "high"]]
        own = old[old["half"]].copy()
        if len(own):
            _cap(
                own, [*home, "person"], _limits(own, ELDER, own.groupby([*home, "person"])["cost"].transform("sum"), 2)
            )
            old.loc[own.index, ["left", "high"]] = own[["left", "high"]]
        _cap(old, home, limit)
        b.loc[old.index, ["left", "high"]] = old[["left", "high"]]
    b["group"] = b["institution"] + np.where(b["care"] == "inpatient", "i", "o")
    counts = b["elder"] | (b.groupby([*home, "person", "group", "elder"])["borne"].transform("sum") >= 21_000)
    young = (counts & ~b["elder"]).groupby([b["household"], b["months"]]).transform("any")
    mine = b[counts & young].copy()
    if len(mine):
        _cap(mine, home, _limits(mine, LIMITS, mine.groupby(home)["cost"].transform("sum")))
        b.loc[mine.index, "high"] = mine["high"]
    high[known] = b["high"].to_numpy(np.int64)
    return high


def _limits(b, tables, cost, part=1):
    base = np.zeros((len(b), 3), np.int64)
    new = (b["months"] >= 24319).to_numpy()
    for flag, key in ((True, 24319), (False, 0)):
        for name, row in tables[key].items():
            base[(new == flag) & (b["income"] == name).to_numpy()] = row[:3]
    base = np.where(base < 1 << 60, base // part, base)
    above = (np.maximum(0, cost.to_numpy(np.int64) - base[:, 1]) + 50) // 100
    return np.where(b["frequent"].to_numpy(bool) & (base[:, 2] < 1 << 60), base[:, 2], base[:, 0] + above)


def _cap(b, keys, limit):
    borne = b.groupby(keys)["left"].transform("sum")
    over = np.maximum(0, borne - limit)
    part = (over * b["left"] // borne.where(borne > 0, 1)).astype(np.int64)
    rest = over - part.groupby([b[key] for key in keys]).transform("sum")
    top = b["left"] == b.groupby(keys)["left"].transform("max")
    lead = top & (top.astype(int).groupby([b[key] for key in keys]).cumsum() == 1)
    part = part + rest.where(lead, 0).astype(np.int64)
    b["left"] -= part
    b["high"] += part
