"""Gateways where tokens wait for each other; those that only let tokens pass or choose are in `run`."""

from honrai.engines.flow.program import Arrow, Join, Step
from honrai.engines.flow.run import Run


def meet_all(run: Run, step: Step, scope: str, arrow: Arrow) -> None:
    """Let a token wait at a parallel gateway until one is there on every incoming flow."""
    if len(step.incoming) < 2:
        run.leave(step, scope)
        return
    joins = run.open[scope].get("joins")
    if joins is None or any(flow not in joins for flow in step.incoming if flow != arrow.id):
        _put(run, scope, arrow)
    else:
        _take(run, scope, [flow for flow in step.incoming if flow != arrow.id])
        run.leave(step, scope)


def meet_some(run: Run, step: Step, scope: str, arrow: Arrow) -> None:
    """Let a token wait at an inclusive gateway; `release` lets it go when nothing upstream can still come."""
    if len(step.incoming) < 2:
        run.leave(step, scope)
    else:
        _put(run, scope, arrow)


def release(run: Run) -> bool:
    """Let the first inclusive gateway go on that need not wait longer; return whether one did."""
    for scope, item in run.open.items():
        joins: dict[str, int] = item.get("joins", {})
        body = run.flow.steps[item["at"]].body
        if not joins or body is None:
            continue
        for join in body.joins:
            there = [flow for flow in join.step.incoming if flow in joins]
            if there and _nothing_comes(run, join, scope, frozenset(there)):
                _take(run, scope, there)
                run.leave(join.step, scope)
                return True
    return False


def _nothing_comes(run: Run, join: Join, scope: str, there: frozenset[str]) -> bool:
    """Return whether no token in the scope can still arrive on a flow that has none (see `reach`)."""
    missing = frozenset(join.step.incoming) - there
    if not missing:
        return True
    places = [item["at"] for item in run.open.values() if item.get("in") == scope]
    places += [run.flow.target_of[flow] for flow in run.open[scope]["joins"]]
    for place in places:
        reached = join.reach.get(place)
        if reached is not None and reached & missing and not reached & there:
            return False
    return True


def _put(run: Run, scope: str, arrow: Arrow) -> None:
    """Let a token wait on an incoming flow."""
    item = run.open[scope]
    joins = dict(item.get("joins", ()))
    joins[arrow.id] = joins.get(arrow.id, 0) + 1
    run.open[scope] = {**item, "joins": joins}


def _take(run: Run, scope: str, flows: list[str]) -> None:
    """Use up one waiting token of each flow."""
    item = dict(run.open[scope])
    joins = dict(item.pop("joins"))
    for flow in flows:
        joins[flow] -= 1
        if not joins[flow]:
            del joins[flow]
    if joins:
        item["joins"] = joins
    run.open[scope] = item
