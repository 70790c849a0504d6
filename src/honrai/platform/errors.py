"""The ways a request can be turned down. Chapters subclass them beside the code that raises them.

The message is Japanese, says what is wrong and how to mend it, and is shown to the user as it is: it must carry no name
and no personal data. One middleware turns them into HTTP answers (404, 403, 409, 422, 429).
"""


class Refusal(Exception):
    """A request that was understood and turned down; `str(refusal)` is what the user reads."""


class NotFound(Refusal):
    """The thing asked for does not exist, or not for this city."""


class Denied(Refusal):
    """The actor may not do this; the message says why and who may."""


class Conflict(Refusal):
    """The thing has changed meanwhile, or its state does not allow this now."""


class Invalid(Refusal):
    """What was entered cannot be right; the message says which item and how to mend it."""


class TooMany(Refusal):
    """Asked too often in a short time; the message says when it is worth trying again."""
