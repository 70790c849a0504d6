"""The door to documents: paper registered, handed over, scanned, read, verified."""

from honrai.documents.operations.custody import hand_over, receive, recount, register, resolve
from honrai.documents.operations.disposing import IMAGES, dispose
from honrai.documents.operations.drawing import draw, new_version, publish
from honrai.documents.operations.filing import VerifiedFiling, filed, verified
from honrai.documents.operations.reading import read_filing
from honrai.documents.operations.scanning import close_bundle, take_in
from honrai.documents.operations.verifying import Keyed, key, set_aside
from honrai.documents.ports import ports
from honrai.documents.queries import Whereabouts, where_is

__all__ = [
    "IMAGES",
    "Keyed",
    "VerifiedFiling",
    "Whereabouts",
    "close_bundle",
    "dispose",
    "draw",
    "filed",
    "hand_over",
    "key",
    "new_version",
    "ports",
    "publish",
    "read_filing",
    "receive",
    "recount",
    "register",
    "resolve",
    "set_aside",
    "take_in",
    "verified",
    "where_is",
]
