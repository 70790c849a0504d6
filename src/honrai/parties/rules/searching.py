"""How many hits are shown, and when searching becomes conspicuous. Limits are internal policy."""

from __future__ import annotations

from datetime import timedelta

MOST_HITS = 50
"""More are not shown at all: whoever looks for one person can say more about them."""
OFTEN = 40
"""Searches by one person within `OFTEN_WITHIN` from which the audit is alerted."""
OFTEN_WITHIN = timedelta(hours=1)
SAME = 5
"""Times one person was found alone by the same worker within `SAME_WITHIN` from which the audit is alerted."""
SAME_WITHIN = timedelta(days=7)
PURPOSES = {
    "case": "案件の審査・照合",
    "counter": "窓口での本人確認",
    "phone": "電話での問い合わせ",
    "mail": "返戻郵便・宛先の確認",
    "other": "その他（説明を入力）",
}

ALERTS = {
    "often": f"1時間に{OFTEN}回以上の検索",
    "same-person": f"7日間に同じ人を{SAME}回以上検索",
}
"""Why the audit is alerted, in words."""


def why_not_purpose(purpose: str, detail: str) -> str | None:
    """Return why a search may not be made for this purpose; None where it may."""
    if purpose not in PURPOSES:
        return "検索の目的を選んでください。"
    if purpose == "other" and len(detail.strip()) < 5:
        return "目的の説明を5文字以上で入力してください。"
    return None


def why_alert(searches: int, same: int) -> str:
    """Return why the audit is alerted: "often", "same-person", or "" where nothing is conspicuous.

    Args:
        searches: by this person within `OFTEN_WITHIN`, this one counted.
        same: times the same resident was found alone by this person within `SAME_WITHIN`, this one counted.
    """
    if searches >= OFTEN:
        return "often"
    return "same-person" if same >= SAME else ""
