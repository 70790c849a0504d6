"""Where the bytes lie: a folder or an S3 bucket, behind one port. Both hold only encrypted bytes.

Encryption is AES-256-GCM with a key outside the database; the object's name is bound in, so that objects cannot be swapped.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class FileLostError(LookupError):
    """The store has no such object, or it was changed behind our back."""


class ObjectStore(Protocol):
    """A place for named bytes."""

    def put(self, name: str, content: bytes) -> None:
        """Store `content` under `name`, whole or not at all; storing again is harmless."""

    def get(self, name: str) -> bytes:
        """Return the bytes under `name`; FileLostError where there are none."""

    def remove(self, name: str) -> None:
        """Remove the object; nothing happens where there is none."""

    def names(self) -> list[str]:
        """Return all names, sorted."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Objects as files, spread over 256 sub-folders."""

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        """Write beside, flush to disk, then rename: a crash leaves the old state or the new one."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def get(self, name: str) -> bytes:
        """Read the object."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise FileLostError(name) from error

    def remove(self, name: str) -> None:
        """Delete the object."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """List all objects."""
        return sorted(
            str(path.relative_to(self.folder)).split(os.sep, 1)[1]
            for path in self.folder.glob("??/**/*")
            if path.is_file() and not path.name.startswith(".")
        )

    def _path(self, name: str) -> Path:
        return self.folder / name.rpartition("/")[2][:2] / name


class BucketStore:
    """Objects in an S3-compatible bucket.

    Args:
        url: `s3://key:secret@host:port/bucket`; `s3+http` speaks plain HTTP, for tests on this machine.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        scheme = "http" if parts.scheme == "s3+http" else "https"
        self._bucket = parts.path.strip("/")
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
            aws_access_key_id=unquote(parts.username or ""),
            aws_secret_access_key=unquote(parts.password or ""),
            region_name="us-east-1",
            config=BotoConfig(s3={"addressing_style": "path"}, connect_timeout=5, retries={"max_attempts": 3}),
        )

    def put(self, name: str, content: bytes) -> None:
        """Upload the object."""
        self._client.put_object(Bucket=self._bucket, Key=name, Body=content)

    def get(self, name: str) -> bytes:
        """Download the object."""
        try:
            return bytes(self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise FileLostError(name) from error
            raise

    def remove(self, name: str) -> None:
        """Delete the object."""
        self._client.delete_object(Bucket=self._bucket, Key=name)

    def names(self) -> list[str]:
        """List all objects, page by page."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return sorted(item["Key"] for page in pages for item in page.get("Contents", ()))


@dataclass(frozen=True, slots=True)
class EncryptedStore:
    """Encrypts what goes into another store and decrypts what comes out."""

    inner: ObjectStore
    key: bytes

    def put(self, name: str, content: bytes) -> None:
        """Encrypt and store."""
        nonce = os.urandom(_NONCE)
        self.inner.put(name, nonce + AESGCM(self.key).encrypt(nonce, content, name.encode()))

    def get(self, name: str) -> bytes:
        """Fetch and decrypt; FileLostError where the object was changed or swapped."""
        stored = self.inner.get(name)
        try:
            return AESGCM(self.key).decrypt(stored[:_NONCE], stored[_NONCE:], name.encode())
        except InvalidTag as error:
            raise FileLostError(f"{name} was changed in the store") from error

    def remove(self, name: str) -> None:
        """Delete the object."""
        self.inner.remove(name)

    def names(self) -> list[str]:
        """List all objects."""
        return self.inner.names()


def open_store(url: str, key_hex: str) -> EncryptedStore:
    """Return the store a URL names: `file:///folder`, `s3://…`; bytes are encrypted with the 32-byte hex key.

    Raises:
        ValueError: an unknown kind of URL or a wrong key.
    """
    kind = urlsplit(url).scheme
    inner: ObjectStore
    if kind == "file":
        inner = FolderStore(Path(unquote(urlsplit(url).path)))
    elif kind in {"s3", "s3+http"}:
        inner = BucketStore(url)
    else:
        raise ValueError(f"HONRAI_FILES_URL must begin with file:// or s3://, not {kind}://")
    return EncryptedStore(inner, bytes.fromhex(key_hex))
