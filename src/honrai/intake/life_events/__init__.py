"""Life events: a few questions give the procedures, one combined form asks nothing twice, one submission opens all cases.

Which events exist, what they ask and what follows is data (`packs/life-events/*.yaml`, docs/how-to/write-a-life-event.md).
"""
