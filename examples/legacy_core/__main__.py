"""`python -m examples.legacy_core`: starts the made-up core system on this machine."""

import argparse
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from examples.legacy_core.app import Application
from examples.legacy_core.store import Store

USERS = {"SHOKUIN01": "1111", "ROBOT01": "9999"}
"""Who may sign in; the system is made up and holds made-up people only."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses of this system hold 宛名番号."""


def main() -> int:
    """Start; print the address and the sign-ins; serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m examples.legacy_core", description=__doc__)
    parser.add_argument("--port", type=int, default=8801, help="0 takes any free one (default 8801)")
    parser.add_argument("--folder", type=Path, default=Path("var/legacy_core"), help="where its data lies")
    parser.add_argument("--residents", type=Path, help="CSV of the resident register to know people from")
    parser.add_argument("--lose-every", type=int, default=0, help="planted fault: lose every n-th imported line")
    options = parser.parse_args()
    store = Store(options.folder, lose_every=options.lose_every)
    if options.residents:
        print(f"residents: {store.take_residents(options.residents)}")
    with make_server("127.0.0.1", options.port, Application(store, USERS), _Server, _Quiet) as server:
        print(f"http://127.0.0.1:{server.server_port}/  sign in: " + ", ".join(f"{u} / {p}" for u, p in USERS.items()))
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
