"""The screens: numbers for names, codes for words, Shift_JIS, one thing at a time. No library, as in its day."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from examples.legacy_core.formats import ENTRY, BadFile
from examples.legacy_core.store import Store

Start = Callable[[str, list[tuple[str, str]]], Any]
LABELS = {
    "kubun": "処理区分(1:登録 3:削除)",
    "jukyu_no": "受給者番号",
    "atena_no": "宛名番号",
    "shimei": "氏名",
    "seinen": "生年月日(元号+年月日7桁)",
    "kaishi": "資格開始日",
    "shuryo": "資格終了日",
    "hokensha": "保険者番号",
}
_MENU = {"kj010": "受給者 登録", "kj020": "受給者 照会", "kj900": "一括取込", "kj950": "夜間抽出"}


class Application:
    """The WSGI application over one store; `users` are sign-in names with their passwords."""

    def __init__(self, store: Store, users: Mapping[str, str]) -> None:
        self._store = store
        self._users = dict(users)
        self._sessions: dict[str, str] = {}
        self._screens = {"kj010": self._enter, "kj020": self._show, "kj900": self._import, "kj950": self._extract}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"].strip("/")
        form = _form(environ)
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("SID")
        user = self._sessions.get(cookie.value if cookie else "")
        if path == "login":
            return self._login(form, start)
        if user is None:
            return _page(start, "ログイン", _LOGIN)
        if path.startswith("extracts/"):
            return self._file(path.removeprefix("extracts/"), start)
        screen = self._screens.get(path)
        if screen is None:
            return _page(start, "メニュー", self._menu(user))
        return _page(start, f"{path.upper()} {_MENU[path]}", screen(form))

    def _login(self, form: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        user = str(form.get("user", ""))
        if not user or self._users.get(user) != form.get("password"):
            return _page(start, "ログイン", "<p class=err>E001 利用者番号マタハ暗証エラー</p>" + _LOGIN)
        session = secrets.token_hex(16)
        self._sessions[session] = user
        start("302 Found", [("Location", "/menu"), ("Set-Cookie", f"SID={session}; HttpOnly; SameSite=Lax")])
        return [b""]

    def _menu(self, user: str) -> str:
        rows = "".join(f'<tr><td>{code.upper()}<td><a href="/{code}">{title}</a>' for code, title in _MENU.items())
        return f"<p>利用者 {escape(user)}</p><table border=1>{rows}</table>"

    def _enter(self, form: Mapping[str, Any]) -> str:
        """KJ010: fill in, look again, register."""
        entry = {name: str(form.get(name, "")).strip() for name, _ in ENTRY}
        if form.get("step") == "register":
            problem = self._store.enter(entry)
            if problem:
                return f"<p class=err id=msg>{problem}</p>" + _entry_form(entry)
            return "<p id=msg>I001 登録シマシタ</p><a href=/kj010>続ケテ入力</a> <a href=/menu>メニュー</a>"
        if form.get("step") == "confirm":
            hidden = "".join(
                f'<input type=hidden name={name} value="{escape(value)}">' for name, value in entry.items()
            )
            rows = "".join(f"<tr><td>{LABELS[name]}<td>{escape(value)}" for name, value in entry.items())
            return (
                f"<p>内容ヲ確認シテ「登録」ヲ押シテクダサイ</p><table border=1>{rows}</table>"
                f"<form method=post accept-charset=Shift_JIS>{hidden}"
                "<input type=hidden name=step value=register><input type=submit id=register value=登録></form>"
            )
        return _entry_form(entry)

    def _show(self, form: Mapping[str, Any]) -> str:
        """KJ020: one 宛名番号."""
        number = str(form.get("atena_no", "")).strip()
        ask = (
            "<form method=post accept-charset=Shift_JIS>宛名番号 "
            f'<input name=atena_no size=12 value="{escape(number)}"> <input type=submit value=検索></form>'
        )
        if not number:
            return ask
        person = self._store.resident(number)
        if person is None:
            return ask + "<p class=err id=msg>E103 宛名番号ナシ</p>"
        cells = (
            "".join(f"<td>{escape(row[name])}" for name in ("jukyu_no", "kaishi", "shuryo", "hokensha", "jotai"))
            for row in self._store.recipients(number)
        )
        rows = "".join(f"<tr>{row}" for row in cells)
        return (
            f"{ask}<p id=person>{escape(person['shimei'])} {escape(person['kana'])} {person['seinen']}</p>"
            f"<table border=1 id=rows><tr><th>受給者番号<th>開始<th>終了<th>保険者<th>状態{rows}</table>"
        )

    def _import(self, form: Mapping[str, Any]) -> str:
        """KJ900: a batch file."""
        ask = "<form method=post enctype=multipart/form-data><input type=file name=file> <input type=submit value=取込></form>"
        content = form.get("file")
        if not isinstance(content, bytes):
            return ask
        try:
            refused = self._store.import_file(content)
        except (BadFile, UnicodeDecodeError) as error:
            return ask + f"<p class=err id=msg>{escape(str(error))}</p>"
        rows = "".join(f"<tr><td>{number}<td>{problem}" for number, problem in refused)
        return ask + f"<p id=msg>I900 取込終了 エラー {len(refused)} 件</p><table border=1 id=errors>{rows}</table>"

    def _extract(self, form: Mapping[str, Any]) -> str:
        """KJ950: the nightly extract of a day."""
        day = str(form.get("day", ""))
        ask = "<form method=post>処理日 <input name=day size=8> <input type=submit value=実行></form>"
        if not (day.isdigit() and len(day) == 8):
            return ask
        path = self._store.extract(day)
        return ask + f"<p id=msg>I950 抽出終了</p><a href=/extracts/{path.name}>{path.name}</a>"

    def _file(self, name: str, start: Start) -> Iterable[bytes]:
        path = self._store.folder / "extracts" / name.rpartition("/")[2]
        if not path.is_file():
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"E404"]
        start("200 OK", [("Content-Type", "application/octet-stream")])
        return [path.read_bytes()]


_LOGIN = (
    "<form method=post action=/login>利用者番号 <input name=user size=10> 暗証 "
    "<input name=password type=password size=10> <input type=submit value=開始></form>"
)


def _entry_form(entry: Mapping[str, str]) -> str:
    boxes = "".join(
        f'<tr><td>{LABELS[name]}<td><input name={name} id={name} size={size} value="{escape(entry[name])}">'
        for name, size in ENTRY
    )
    return (
        f"<form method=post accept-charset=Shift_JIS><table border=1>{boxes}</table>"
        "<input type=hidden name=step value=confirm><input type=submit id=confirm value=確認></form>"
    )


def _form(environ: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the request; an uploaded file as bytes."""
    if environ["REQUEST_METHOD"] != "POST":
        return {
            name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", ""), encoding="cp932").items()
        }
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    kind = environ.get("CONTENT_TYPE", "")
    if not kind.startswith("multipart/form-data"):
        fields = parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, encoding="cp932", errors="replace")
        return {name: values[-1] for name, values in fields.items()}
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = ((part.get_param("name", header="content-disposition"), part) for part in message.iter_parts())
    return {str(name): part.get_payload(decode=True) for name, part in parts}


def _page(start: Start, title: str, body: str) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/html; charset=Shift_JIS")])
    page = (
        "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'><html><head><title>福祉システム</title>"
        "<style>body{background:#c0c0c0;font-family:monospace}.err{color:red}</style></head>"
        f"<body><h3>福祉システム　{title}</h3><hr>{body}<hr><a href=/menu>F12:メニュー</a></body></html>"
    )
    return [page.encode("cp932", "xmlcharrefreplace")]
