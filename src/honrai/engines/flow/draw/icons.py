"""Small drawings inside shapes. Each is SVG around (0, 0), about 16 by 16, in the current ink."""


def _stroke(thick: float) -> str:
    return f'fill="none" stroke="currentColor" stroke-width="{thick:g}" stroke-linecap="round" stroke-linejoin="round"'


_LINE, _THICK, _BOLD = _stroke(1.4), _stroke(2.2), _stroke(3.2)
_ENVELOPE = f'<path d="M-7-5h14v10h-14z M-7-5l7 6 7-6" {_LINE}/>'
_FULL_ENVELOPE = '<path d="M-7-5h14l-7 6z M-7-3.4l7 6 7-6v8.4h-14z" fill="currentColor" stroke="none"/>'

TASKS = {
    "userTask": f'<path d="M-3.2-3.4a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0 M-6.5 7c0-5 2.6-7 6.5-7s6.5 2 6.5 7z" {_LINE}/>',
    "manualTask": f'<path d="M-6 6v-6l2-1v-4c0-1.6 2-1.6 2 0v3-4.4c0-1.6 2.1-1.6 2.1 0v4.4-3.6c0-1.6 2-1.6 2 0v4'
    f'-2.4c0-1.5 1.9-1.5 1.9 0v6l-2 4z" {_LINE}/>',
    "serviceTask": f'<circle r="3" {_LINE}/><path d="M0-7v2 M0 5v2 M-7 0h2 M5 0h2 M-5-5l1.4 1.4 M3.6 3.6L5 5 M-5 5l1.4-1.4'
    f' M3.6-3.6L5-5" {_THICK}/>',
    "businessRuleTask": f'<path d="M-7-6h14v12h-14z M-7-2h14 M-7 2h14 M-2.5-2v8" {_LINE}/>',
    "sendTask": _FULL_ENVELOPE,
    "receiveTask": _ENVELOPE,
    "scriptTask": f'<path d="M-5-7h9l3 3v11h-12z M-2-3h6 M-2 0h6 M-2 3h6" {_LINE}/>',
}

EVENTS = {
    "message": _ENVELOPE,
    "timer": f'<circle r="8" {_LINE}/><path d="M0-5v5l3.5 2" {_LINE}/>',
    "error": f'<path d="M-6 6l3.5-11 4 7L6-6 2.8 5l-4-7z" {_LINE}/>',
    "escalation": f'<path d="M0-7l5 13-5-5-5 5z" {_LINE}/>',
    "signal": f'<path d="M0-7l7 12h-14z" {_LINE}/>',
    "conditional": f'<path d="M-5-7h10v14h-10z M-3-3.5h6 M-3 0h6 M-3 3.5h6" {_LINE}/>',
    "link": f'<path d="M-7-3h7v-4l7 7-7 7v-4h-7z" {_LINE}/>',
    "terminate": '<circle r="9" fill="currentColor"/>',
    "compensate": f'<path d="M0-5v10l-7-5z M7-5v10l-7-5z" {_LINE}/>',
    "cancel": f'<path d="M-6-6l12 12 M6-6l-12 12" {_THICK}/>',
}

#: What a throwing event shows instead: filled.
THROWN = {
    "message": _FULL_ENVELOPE,
    **{
        kind: drawing.replace('fill="none"', 'fill="currentColor"')
        for kind, drawing in EVENTS.items()
        if kind in ("error", "escalation", "signal", "link", "compensate")
    },
}

GATEWAYS = {
    "exclusiveGateway": f'<path d="M-7-7L7 7 M7-7L-7 7" {_BOLD}/>',
    "parallelGateway": f'<path d="M-10 0h20 M0-10v20" {_BOLD}/>',
    "inclusiveGateway": f'<circle r="9" {_BOLD}/>',
    "complexGateway": f'<path d="M-10 0h20 M0-10v20 M-7-7L7 7 M7-7L-7 7" {_THICK}/>',
    "eventBasedGateway": f'<circle r="11" {_LINE}/><circle r="8.5" {_LINE}/><path d="M0-5.5l5.2 3.8-2 6.1h-6.4l-2-6.1z" {_LINE}/>',
}

MARKERS = {
    "standard": f'<path d="M3.5 4.5A6 6 0 1 0-2 5.6 M-2 5.6l-3.6-.6 M-2 5.6l-.6-3.8" {_LINE}/>',
    "parallel": f'<path d="M-4-5v10 M0-5v10 M4-5v10" {_THICK}/>',
    "sequential": f'<path d="M-5-4h10 M-5 0h10 M-5 4h10" {_THICK}/>',
    "closed": f'<path d="M-7-7h14v14h-14z M-4 0h8 M0-4v8" {_LINE}/>',
}
