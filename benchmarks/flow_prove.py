"""The flow engine's proofs: how long until a flow of about 200 nodes is proved sound or found not to be.

    python -m benchmarks.flow_prove

Shapes a reducer likes (nested blocks) and shapes it does not (ways out of parallel branches, crossed inclusive
joins, a wide parallel with terminate ends); then the plan to a next version, the picture and the legality check of
the same model. The best of five counts, because other work on the machine only adds time.
"""

import itertools
import platform
import sys
from collections.abc import Callable
from time import perf_counter

from tests.flow_models import bpmn

from honrai.engines.flow.api import executable, read
from honrai.engines.flow.draw import draw
from honrai.engines.flow.legality import check
from honrai.engines.flow.migrate import plan
from honrai.engines.flow.prove import Proof, prove


def nested(nodes: int) -> str:
    """Blocks in a row: a choice, a parallel of three branches with a loop and an inclusive choice inside."""
    parts, last = [], "s"
    for n in range(-(-nodes // 15)):
        parts.append(
            f"{last}>x{n} x{n}>t{n}a x{n}>t{n}b t{n}a>x{n}z t{n}b>x{n}z x{n}z>a{n} a{n}>x{n}l x{n}l>t{n}c t{n}c>x{n}m "
            f"x{n}m>x{n}l x{n}m>a{n}z a{n}>t{n}d t{n}d>a{n}z a{n}>o{n} o{n}>t{n}e o{n}>t{n}f t{n}e>o{n}z t{n}f>o{n}z "
            f"o{n}z>a{n}z"
        )
        last = f"a{n}z"
    return " ".join([*parts, f"{last}>e"])


def wide(branches: int, length: int) -> str:
    """One parallel of many long branches."""
    parts = ["s>a1", "a2>e"]
    for b in range(branches):
        chain = ["a1", *(f"t{b}_{n}" for n in range(length)), "a2"]
        parts += [f"{one}>{other}" for one, other in itertools.pairwise(chain)]
    return " ".join(parts)


def with_ways_out(branches: int, length: int) -> tuple[str, dict[str, str], dict[str, str]]:
    """The same with a time limit on each first task that ends the whole case."""
    flows = wide(branches, length)
    flows += "".join(f" b{b}>e{b}" for b in range(branches))
    return flows, {f"b{b}": f"t{b}_0" for b in range(branches)}, {f"e{b}": "terminate" for b in range(branches)}


def crossed(blocks: int) -> str:
    """Inclusive splits whose branches meet at two joins, one after the other: nothing folds."""
    parts, last = [], "s"
    for n in range(blocks):
        parts.append(
            f"{last}>o{n} o{n}>t{n}a o{n}>t{n}b o{n}>t{n}c t{n}a>o{n}y t{n}b>x{n} x{n}>o{n}y x{n}>o{n}z t{n}c>o{n}z "
            f"o{n}y>t{n}d t{n}d>o{n}z"
        )
        last = f"o{n}z"
    return " ".join([*parts, f"{last}>e"])


def broken(nodes: int) -> str:
    """The nested flow with its last parallel join turned into a choice."""
    flows = nested(nodes)
    last = f"a{-(-nodes // 15) - 1}z"
    return flows.replace(f">{last}", f">x{last}").replace(f"{last}>e", f"x{last}>e").replace("xxa", "xa")


def measured(work: Callable[[], object], times: int = 5) -> tuple[float, object]:
    """Return the shortest of several runs in milliseconds, and its result."""
    best, result = float("inf"), None
    for _ in range(times):
        began = perf_counter()
        result = work()
        best = min(best, (perf_counter() - began) * 1000)
    return best, result


def rows() -> list[tuple[str, int, float, str]]:
    """Return (what, nodes, milliseconds, answer) of every measurement."""
    ways, on, events = with_ways_out(10, 18)
    shapes = {
        "nested blocks": bpmn(nested(200)),
        "one parallel, 10 branches of 20 tasks": bpmn(wide(10, 20)),
        "the same, each with a time limit that ends the case": bpmn(ways, on=on, events=events),
        "crossed inclusive joins": bpmn(crossed(26)),
        "nested blocks, last join wrong": bpmn(broken(200)),
    }
    found = []
    for name, data in shapes.items():
        model = read(data)
        time, proof = measured(lambda model=model: prove(model))
        assert isinstance(proof, Proof)
        answer = "sound" if proof.sound else (proof.flaws[0].kind if proof.flaws else "undecided")
        found.append((f"prove: {name}", len(list(model.nodes())), time, answer))
    data = shapes["nested blocks"]
    model = read(data)
    flow = executable(model)
    count = len(list(model.nodes()))
    found.append(("check that it is legal BPMN", count, measured(lambda: check(data))[0], "valid"))
    time, planned = measured(lambda: plan(flow, flow), 1)
    found.append(("plan the move to a next version", count, time, f"{len(planned.classes)} classes"))  # type: ignore[attr-defined]
    found.append(("lay out and draw", count, measured(lambda: draw(model))[0], "SVG"))
    return found


def main() -> int:
    """Print the table; fail where a proof takes more than a second."""
    print(f"python {platform.python_version()}, {platform.machine()}\n")
    print("| work | nodes | ms | answer |\n|---|---:|---:|---|")
    table = rows()
    for name, nodes, time, answer in table:
        print(f"| {name} | {nodes} | {time:.1f} | {answer} |")
    slow = [name for name, _, time, _ in table if name.startswith("prove") and time > 1000]
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
