"""The navigation of the page frame: which screens stand in it, and for whom."""

from django.http import HttpRequest

from honrai.ui.context import Frame


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame around the pages of this request."""
    city = getattr(request, "city", None)
    return Frame(city=city.name if city else "")
