"""The technical log: one JSON object a line, with ids, codes and figures, never names, free text or values.

What people did stands in the event log (`platform.events`); here stands how the machine fared. Libraries may put anything
into a message or an exception, so only fields named in `KEPT` pass, and of an exception its kind and where it happened:
the text of a database error quotes the row.
"""

import logging
import traceback
from collections.abc import Mapping, MutableMapping
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

#: Fields beyond moment, level, logger and event that may be written.
KEPT = ("reference", "city", "person", "method", "path", "status", "ms")
_BASE = ("at", "level", "logger", "event", "error", "frames")
_FRAMES = 30

Line = MutableMapping[str, Any]


def logging_settings(*, file: str = "", syslog: str = "") -> dict[str, Any]:
    """Return the LOGGING setting of web server, worker and command line.

    Args:
        file: where lines are appended; empty: standard error.
        syslog: `udp://host:port` or `unix:///path/of/socket` lines are sent to as well; empty: none.

    Raises:
        ValueError: the syslog address is neither.
    """
    stream: dict[str, Any] = {"class": "logging.StreamHandler", "formatter": "json"}
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        stream = {"class": "logging.handlers.WatchedFileHandler", "filename": file, "formatter": "json"}
    handlers = {"out": stream}
    if syslog:
        handlers["syslog"] = {"()": f"{__name__}.syslog_handler", "address": syslog, "formatter": "json"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.json_formatter"}},
        "handlers": handlers,
        "root": {"level": "INFO", "handlers": list(handlers)},
        "loggers": {
            # Django installs handlers of its own before ours; refused pages (4xx) are in the line of the request.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }


def json_formatter() -> logging.Formatter:
    """Return the formatter that makes one line of JSON of a record."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=KEPT),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _exception_without_values,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_kept,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        pass_foreign_args=False,
    )


def syslog_handler(address: str) -> SysLogHandler:
    """Return the handler that sends lines to a syslog server, facility local0, program name `honrai`."""
    handler = SysLogHandler(syslog_address(address), facility=SysLogHandler.LOG_LOCAL0)
    handler.ident = "honrai: "
    handler.append_nul = False
    return handler


def syslog_address(text: str) -> tuple[str, int] | str:
    """Return host and port, or the path of a local socket.

    Raises:
        ValueError: neither `udp://host:port` nor `unix:///path`.
    """
    url = urlsplit(text)
    if url.scheme == "udp" and url.hostname:
        return url.hostname, url.port or 514
    if url.scheme == "unix" and url.path.startswith("/") and not url.netloc:
        return url.path
    raise ValueError("HONRAI_SYSLOG must be udp://host:port or unix:///path/of/socket")


def _exception_without_values(logger: Any, method: str, line: Line) -> Line:
    """Replace an exception by its kind and the places it went through, innermost last."""
    info = line.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        line["error"] = f"{info[0].__module__}.{info[0].__qualname__}"
        frames = traceback.extract_tb(info[2])[-_FRAMES:]
        line["frames"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def _short(file: str) -> str:
    """Return a file's place inside the program or its library, without the machine's folders."""
    return "/".join(Path(file).parts[-3:])


def _only_kept(logger: Any, method: str, line: Line) -> Mapping[str, Any]:
    return {name: line[name] for name in (*_BASE, *KEPT) if name in line}
