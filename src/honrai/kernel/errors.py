"""The one error every value of the kernel raises when what was entered cannot be that value.

The message is Japanese and written for the clerk or applicant who typed it: what is wrong and how to mend it.
The code is stable English for logs, tests and translation of an error to a form field.
"""


class Invalid(ValueError):
    """Text or a number that cannot be the value it was meant to be.

    Attributes:
        code: stable key such as "date-unreadable"; never shown to a user.
        message: Japanese sentence for the user; holds no personal number.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
