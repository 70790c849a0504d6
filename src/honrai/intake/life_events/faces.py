"""The two faces of the same pages: an applicant on a phone, and a clerk at the counter asking the same questions."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from honrai.intake.life_events.models import Submission
from honrai.intake.operations import hashed
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound
from honrai.platform.events.api import Who

_COOKIE = "honrai_life_event"
_SESSION = "life_event_draft"
_DAYS = 14


class NoDraft(NotFound):
    """The page belongs to a submission that is not here (any more)."""

    def __str__(self) -> str:
        return (
            "入力中の申請が見つかりません。提出が終わっているか、時間がたって消えています。最初からやり直してください"
        )


@dataclass(frozen=True, slots=True)
class Face:
    """Where the pages stand, in which frame, and who is asking.

    Attributes:
        space: namespace of the addresses.
        frame: template every page extends.
        public: an applicant's own phone; otherwise a clerk who is signed in.
    """

    space: str
    frame: str
    public: bool

    @property
    def channel(self) -> str:
        """How the application comes."""
        return "web" if self.public else "counter"

    def actor(self, request: HttpRequest) -> Actor | None:
        """Return the clerk; None on the web."""
        return None if self.public else request.actor  # type: ignore[attr-defined]

    def who(self, request: HttpRequest) -> Who:
        """Return who does it, for the log."""
        actor = self.actor(request)
        return actor.who if actor is not None else Who("applicant", place=request.META.get("REMOTE_ADDR", ""))

    def find(self, request: HttpRequest) -> Submission | None:
        """Return the draft of this browser; None where there is none."""
        rows = Submission.objects.filter(submitted_at=None, channel=self.channel)
        if not self.public:
            return rows.filter(pk=request.session.get(_SESSION, 0)).first()
        token = request.COOKIES.get(_COOKIE, "")
        return rows.filter(resume=hashed(token)).first() if token else None

    def draft(self, request: HttpRequest) -> Submission:
        """Return the draft of this browser.

        Raises:
            NoDraft: there is none.
        """
        row = self.find(request)
        if row is None:
            raise NoDraft
        return row

    def keep(self, response: HttpResponse, request: HttpRequest, submission: int, token: str) -> HttpResponse:
        """Let this browser find the draft again, for two weeks."""
        if not self.public:
            request.session[_SESSION] = submission
            return response
        response.set_cookie(
            _COOKIE,
            token,
            max_age=_DAYS * 86400,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    def forget(self, response: HttpResponse, request: HttpRequest) -> HttpResponse:
        """Let go of a draft that was sent."""
        request.session.pop(_SESSION, None)
        response.delete_cookie(_COOKIE)
        return response


WEB = Face("life_events", "ui/public.html", True)
COUNTER = Face("counter_life_events", "ui/page.html", False)
