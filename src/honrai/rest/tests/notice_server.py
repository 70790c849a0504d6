"""A receiver of notices as another system would run it, in a process of its own: HTTPS, one line of JSON for each notice.

python notice_server.py CERT KEY FAILURES     # prints its port, then what came; answers 500 to the first FAILURES
"""

import http.server
import json
import ssl
import sys


class Receiver(http.server.BaseHTTPRequestHandler):
    failures = int(sys.argv[3])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        print(json.dumps({"headers": dict(self.headers), "body": body, "path": self.path}), flush=True)
        failing, Receiver.failures = Receiver.failures > 0, Receiver.failures - 1
        redirected = self.path == "/redirect"
        self.send_response(500 if failing else 302 if redirected else 204)
        if redirected:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
