"""Makes a net smaller without changing whether it is sound: what is well structured folds away.

Each rule keeps the three questions as they are (can the end always be reached, is a flow ever taken twice at once, is
every element alive). The reason is the same each time: a knot has its tokens to itself, so letting a token wait a
little longer before it, or choosing a little earlier, changes nothing that can happen afterwards. A flow made of
properly nested blocks folds to a single arc; what is left over is explored.
"""

from .net import Net, Option

_MOST_OPTIONS = 64


def reduce_net(net: Net) -> None:
    """Fold a net in place until no rule applies."""
    changed = True
    while changed:
        changed = False
        for number in list(net.knots):
            if number in net.knots and number != net.end:
                changed |= _fold(net, number)


def _fold(net: Net, number: int) -> bool:
    rules = (_merge_parallel, _drop_self_loop, _drop_ends, _fuse_back, _fuse_forward, _fuse_joins)
    return any(rule(net, number) for rule in rules)


def _replace(options: list[Option], old: int, new: frozenset[int]) -> list[Option]:
    """Return the options with one arc replaced by others (none: dropped), each once."""
    swapped = [Option(o.outs - {old} | new, o.flags, o.exit) if old in o.outs else o for o in options]
    return list(dict.fromkeys(swapped))


def _merge_parallel(net: Net, number: int) -> bool:
    """Two arcs from one knot to another become one where the knots agree on what that means."""
    knot = net.knots[number]
    first: dict[int, int] = {}
    for arc_number in net.outs(number):
        arc = net.arcs[arc_number]
        other = first.setdefault(arc.target, arc_number)
        if other == arc_number:
            continue
        target = net.knots[arc.target]
        together = [{other, arc_number} & option.outs for option in knot.options]
        both = any(len(one) == 2 for one in together)
        either = any(len(one) == 1 for one in together)
        agreed = {"xor": target.lax or not both, "and": not either, "or": True}[target.join]
        if not agreed:
            continue
        kept = net.arcs[other]
        kept.covers |= arc.covers
        kept.crowd = kept.crowd or arc.crowd
        shorter = min(kept.way, arc.way, key=len)
        kept.way = kept.way + arc.way if both and not either else shorter
        knot.options = _replace(knot.options, arc_number, frozenset([other]))
        net.remove(arc_number)
        return True
    return False


def _drop_self_loop(net: Net, number: int) -> bool:
    """A way straight back to the same knot, among others, adds nothing but its elements."""
    knot = net.knots[number]
    if knot.join != "xor" or knot.lax or len(knot.options) < 2:
        return False
    for option in knot.options:
        (arc_number, *more) = option.outs or (None,)
        if arc_number is None or more or not option.plain or net.arcs[arc_number].target != number:
            continue
        if any(arc_number in other.outs for other in knot.options if other is not option):
            continue
        knot.options.remove(option)
        knot.covers |= net.remove(arc_number).covers
        return True
    return False


def _drop_ends(net: Net, number: int) -> bool:
    """A token that goes straight to the end beside others needs no watching, unless it could be followed by another."""
    knot = net.knots[number]
    for arc_number in net.outs(number):
        arc = net.arcs[arc_number]
        if arc.target != net.end or any(arc_number in o.outs and len(o.outs) == 1 for o in knot.options):
            continue
        if not arc.crowd or not (knot.join == "or" or _on_circle(net, number)):
            knot.covers |= net.remove(arc_number).covers
            knot.options = _replace(knot.options, arc_number, frozenset())
            return True
    return False


def _on_circle(net: Net, number: int) -> bool:
    """Say whether a token that leaves the knot can come back to it."""
    seen, pending = {number}, [net.arcs[arc].target for arc in net.outs(number)]
    while pending:
        here = pending.pop()
        if here == number:
            return True
        if here not in seen:
            seen.add(here)
            pending += [net.arcs[arc].target for arc in net.outs(here)]
    return False


def _only_way(net: Net, number: int) -> int | None:
    """Return the arc a knot always and only puts a token on."""
    options = net.knots[number].options
    if len(options) == 1 and options[0].plain and len(options[0].outs) == 1:
        return next(iter(options[0].outs))
    return None


def _fuse_back(net: Net, number: int) -> bool:
    """A knot with one way in and one way out becomes part of the arc."""
    arc_number, ins = _only_way(net, number), net.ins(number)
    if arc_number is None or len(ins) != 1 or number == net.start:
        return False
    before, after, knot = net.arcs[ins[0]], net.arcs[arc_number], net.knots[number]
    if after.target == number:
        return False
    target = after.target
    net.remove(arc_number)
    net.lead_to(ins[0], target)
    before.way = before.way + knot.way + after.way
    before.covers |= knot.covers | after.covers
    before.crowd = knot.at if net.knots[target].lax else ""
    del net.knots[number]
    return True


def _fuse_forward(net: Net, number: int) -> bool:
    """A knot with one way in does its choosing at the knot before."""
    ins = net.ins(number)
    if number == net.start or len(ins) != 1 or not all(option.plain for option in net.knots[number].options):
        return False
    arc, knot = net.arcs[ins[0]], net.knots[number]
    before = net.knots[arc.source]
    holding = sum(ins[0] in option.outs for option in before.options)
    if arc.source == number or holding * len(knot.options) + len(before.options) > _MOST_OPTIONS:
        return False
    prefix = arc.way + knot.way
    for out in net.outs(number):
        net.leave_from(out, arc.source)
        net.arcs[out].way = prefix + net.arcs[out].way
        net.arcs[out].covers |= arc.covers | knot.covers
        net.arcs[out].crowd = knot.at if net.knots[net.arcs[out].target].lax else ""
    options: dict[Option, None] = {}
    for option in before.options:
        for then in knot.options if ins[0] in option.outs else [option]:
            options[Option(option.outs - {ins[0]} | then.outs, option.flags, option.exit)] = None
    before.options = list(options)
    net.remove(ins[0])
    del net.knots[number]
    return True


def _fuse_joins(net: Net, number: int) -> bool:
    """Two joins of one kind in a row are one join."""
    arc_number, knot = _only_way(net, number), net.knots[number]
    if arc_number is None or number == net.start:
        return False
    arc = net.arcs[arc_number]
    after = net.knots[arc.target]
    if after.lax or arc.target == number or knot.join != after.join or knot.join == "or" or knot.lax:
        return False
    ins = net.ins(number)
    if not ins:
        return False
    for position, before in enumerate(ins):
        net.lead_to(before, arc.target)
        if knot.join == "xor" or position == 0:
            net.arcs[before].way += knot.way + arc.way
        net.arcs[before].covers |= knot.covers | arc.covers
    net.remove(arc_number)
    del net.knots[number]
    return True
