"""The interface itself: one NinjaAPI with every resource, errors answered once, its description as OpenAPI."""

from typing import Any

from ninja import NinjaAPI

from honrai.rest import problems
from honrai.rest.calling import KeyAuth
from honrai.rest.reading import StrictParser
from honrai.rest.resources import applications, cases, decisions, deficiencies, documents, events, tasks

DESCRIPTION = (
    "画面と同じ操作を、画面と同じ権限で行います。接続キーは市の担当が発行し、Authorizationヘッダーに付けます。"
    "変更する要求には必ずIdempotency-Keyを付けてください。誤りはすべてRFC 9457の形で返し、codeは変わりません。"
)


class Described(NinjaAPI):
    """Describes errors with the media type they have."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the OpenAPI document."""
        found = super().get_openapi_schema(**options)
        operations = (one for each in found["paths"].values() for one in each.values())
        for response in (said for one in operations for status, said in one["responses"].items() if int(status) >= 400):
            response["content"] = {problems.MEDIA_TYPE: next(iter(response["content"].values()))}
        return found


api = Described(
    title="本来 外部接続API",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=KeyAuth(),
    parser=StrictParser(),
)
for each in (applications, cases, tasks, deficiencies, decisions, documents, events):
    api.add_router("", each.router)
for raised, _ in problems.KINDS:
    api.add_exception_handler(raised, problems.answer)
api.add_exception_handler(Exception, problems.answer)
