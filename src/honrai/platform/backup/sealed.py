"""An encrypted stream: chunks under AES-256-GCM, numbered, the last one marked, so that nothing can be cut, swapped or changed.

Layout: 8 bytes magic, 16 bytes salt, then chunks of 1 MiB plain text each with its 16-byte tag. The key of a stream is derived from
the archive key and the salt; the nonce of a chunk is its number and whether it is the last.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"HONRAI01"
_CHUNK = 2**20
_TAG = 16


class BadArchiveError(ValueError):
    """Not an archive of ours, the wrong key, or damaged."""


class SealedWriter:
    """A file-like object that encrypts what is written to it; `close` writes the last chunk."""

    def __init__(self, out: BinaryIO, key: bytes) -> None:
        salt = os.urandom(16)
        self._out, self._cipher = out, _cipher(key, salt)
        self._held = bytearray()
        self._number = 0
        out.write(MAGIC + salt)

    def write(self, data: bytes) -> int:
        """Take plain bytes."""
        self._held += data
        while len(self._held) > _CHUNK:
            self._chunk(bytes(self._held[:_CHUNK]), last=False)
            del self._held[:_CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk; without it the archive does not verify."""
        self._chunk(bytes(self._held), last=True)

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), plain, None))
        self._number += 1


def read_sealed(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the plain chunks of a sealed stream.

    Raises:
        BadArchiveError: not ours, wrong key, changed, or cut.
    """
    head = source.read(len(MAGIC) + 16)
    if head[: len(MAGIC)] != MAGIC or len(head) != len(MAGIC) + 16:
        raise BadArchiveError("this is not a Honrai archive")
    cipher = _cipher(key, head[len(MAGIC) :])
    held = source.read(_CHUNK + _TAG)
    number = 0
    while True:
        following = source.read(_CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), held, None)
        except InvalidTag as error:
            raise BadArchiveError("the archive is damaged or cut, or the key is another one") from error
        if not following:
            return
        held, number = following, number + 1


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"honrai archive").derive(key))
