"""What is printed: a published version or a draft, as one thing."""

from dataclasses import dataclass

from honrai.platform.authority.api import Actor, Invalid, NotFound
from honrai.procedures import permissions
from honrai.procedures.drafts import contents, visible_draft
from honrai.procedures.models import PackVersion
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack
from honrai.procedures.rules.sources import files_of_zip

KINDS = ("version", "draft")


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a version or a draft the actor may see.

    Attributes:
        kind, key: `version` or `draft`, and its key.
        code, title: of the procedure.
        label: which version it is, in words: 「第2版」「案」.
        files: path -> content.
    """

    kind: str
    key: int
    code: str
    title: str
    label: str
    files: dict[str, bytes]

    def pack(self) -> Pack:
        """Return the pack.

        Raises:
            Invalid: a draft that is no whole pack yet; the message lists file, element and remedy.
        """
        reading = read_pack(self.files)
        if reading.pack is None:
            listed = "\n".join(str(problem) for problem in reading.problems[:10])
            raise Invalid(f"案に直すところがあるため、まだ印刷できません。\n{listed}")
        return reading.pack


def source_of(kind: str, key: int, actor: Actor) -> Source:
    """Return a version or draft the actor may see.

    Raises:
        NotFound: no such thing, or not for the actor's eyes.
    """
    if kind == "draft":
        draft = visible_draft(key, actor)
        return Source(kind, key, draft.code, draft.title, "案", contents(draft.files))
    row = PackVersion.objects.filter(pk=key).first()
    if row is None or not permissions.can_see(actor, row):
        raise NotFound("手続の版が見つかりません。")
    return Source(kind, key, row.code, row.title, f"第{row.number}版", files_of_zip(bytes(row.archive)))
