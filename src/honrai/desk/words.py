"""How the events of a case read in its timeline."""

from collections.abc import Callable, Mapping
from typing import Any

Words = Callable[[Mapping[str, Any]], str]

KINDS = {"staff": "職員", "contractor": "受託者", "applicant": "申請者", "robot": "ロボット", "system": "自動処理"}

#: What a check of the chain may find, in words.
FINDINGS = {
    "edited": "書き換えられています",
    "altered": "抜き取り・追加・並べ替えがあります",
    "broken": "前の封印とつながっていません",
    "forged": "署名が本市のものではありません",
    "cut": "封印が失われています",
    "erased": "変更前後の値が、廃棄の記録なく消えています",
}

WAYS = {"web": "画面とメール", "phone": "電話", "post": "文書"}
CALLS = {
    "no-answer": "不在・応答なし",
    "message": "不在・折り返しをお願いした",
    "again": "話し中",
    "sends": "話した・出してもらえる",
    "heard": "話した・聴取した",
    "later": "話した・後でかけ直す",
    "withdraws": "話した・取り下げたい",
    "refuses": "話した・出さないとのこと",
    "letter": "番号が違う・文書に切り替え",
}

#: What a contract does, as the city sees it: one box.
OUTSIDE = "センター（受託者）の作業"

#: What can be done with many tasks at once, in words.
BULK = {
    "release": "作業中のものを戻す",
    "hold": "保留にする",
    "resume": "保留を解く",
    "assign": "割り当てる",
    "complete": "同じ結果で終える",
}

EVENTS: dict[str, Words] = {
    "cases.opened": lambda data: "申請を受け付けました",
    "cases.read": lambda data: "案件を開きました",
    "cases.task_opened": lambda data: "次の作業に進みました",
    "cases.task_claimed": lambda data: "作業を始めました",
    "cases.task_released": lambda data: {"held": "作業を保留にしました"}.get(data["state"], "作業を戻しました"),
    "cases.task_assigned": lambda data: "作業を割り当てました" if data["person"] else "作業の割当てを解きました",
    "cases.task_cancelled": lambda data: "作業が不要になりました",
    "cases.task_undone": lambda data: "終えた作業を元に戻しました",
    "cases.bundled": lambda data: f"束の{data['position']}番目に入れました",
    "cases.task_done": lambda data: f"作業を終えました{_result(data)}",
    "cases.facts_linked": lambda data: f"住民・保険などの情報を照合しました（{len(data['known'])}項目）",
    "cases.deficiencies_asked": lambda data: f"申請者に{len(data['codes'])}件の補正をお願いしました",
    "cases.deficiencies_answered": lambda data: (
        f"申請者から{len(data['codes'])}件の補正が届きました"
        + (f"（残り{len(data['left'])}件）" if data.get("left") else "")
    ),
    "cases.deficiencies_accepted": lambda data: f"不備{len(data['codes'])}件を解消としました",
    "cases.deficiency_added": lambda data: f"不備（{data['code']}）を加えました",
    "cases.contacted": lambda data: (
        f"電話：{CALLS.get(data['result'], data['result'])}" + (f"　次回 {data['next_on']}" if data["next_on"] else "")
    ),
    "cases.reminded": lambda data: f"補正の催促をしました（{WAYS.get(data['channel'], data['channel'])}）",
    "cases.proposed": lambda data: f"決定案「{data['outcome'] or '保留'}」ができました",
    "cases.decided": lambda data: (
        f"決裁：{data['outcome']}{'（案を変更）' if data.get('changed') else ''}"
        if data["accepted"]
        else "決裁：差戻し"
    ),
    "cases.rekeyed": lambda data: f"再入力して照合しました（{data['compared']}欄、相違{data['differences']}）",
    "cases.difference_settled": lambda data: f"第三の人が相違{len(data['fields'])}欄を判定しました",
    "cases.withdrawn": lambda data: "申請者が取り下げました" if data["by"] == "web" else "取下げを受け付けました",
    "cases.transferred": lambda data: "正しい担当課へ移送しました",
    "cases.reopened": lambda data: f"{data['cause']}のため、もう一度始めました",
    "cases.letter_issued": lambda data: "文書を発行しました",
    "cases.closed": lambda data: f"完結しました（{data['outcome']}）",
    "cases.moved": lambda data: "新しい版の手続に移しました",
    "files.read": lambda data: "書類を開きました",
    "intake.answers_sent": lambda data: "申請者が補正を送りました",
    "approvals.decided": lambda data: "決裁文書が決裁されました",
}


def _result(data: Mapping[str, Any]) -> str:
    return f"（{data['result']}）" if data["result"] else ""
