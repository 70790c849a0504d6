"""Asks clamd, through its Unix socket, whether bytes carry malware."""

import socket
import struct

_CHUNK = 64 * 1024


class MalwareError(ValueError):
    """The scanner found malware; the message tells the person, the log gets the name."""


class ScannerDownError(RuntimeError):
    """The scanner did not answer: in production nothing is taken in without it."""


def scan(path: str, content: bytes) -> None:
    """Return quietly where clamd finds nothing.

    Args:
        path: clamd's socket.
        content: the bytes to look at.

    Raises:
        MalwareError: something was found.
        ScannerDownError: no answer, or an answer we do not know.
    """
    try:
        answer = _ask(path, content)
    except OSError as error:
        raise ScannerDownError(f"clamd at {path}: {error}") from error
    if answer.endswith("FOUND"):
        raise MalwareError("このファイルからウイルスの疑いが見つかりました。受け取れません")
    if not answer.endswith("OK"):
        raise ScannerDownError(f"clamd answered {answer!r}")


def _ask(path: str, content: bytes) -> str:
    with socket.socket(socket.AF_UNIX) as clamd:
        clamd.settimeout(60)
        clamd.connect(path)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
        clamd.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0"):
            part = clamd.recv(4096)
            if not part:
                break
            answer += part
    return answer.strip(b"\0").decode("utf-8", "replace")
