"""年次更新: every recipient of a procedure judged anew on last year's incomes, rehearsed, approved at one stroke, then issued.

*run* one judging of a ledger on a day, a rehearsal or the real one; *item* one recipient in it; *class* what becomes of them:
same (変わらない), changes (変わる), unknown (分からない), check (要確認). The same machinery does 現況届: answers that came back
are facts; who has not answered is listed for an official and never refused by itself. What is judged from what stands in the pack's
`renewal.yaml`. Start at `rules/plan.py`, then `operations/judging.py`.
"""
