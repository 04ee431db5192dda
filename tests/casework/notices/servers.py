"""A mail server and a listening system, as real as the platform can tell."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mails:
    """What a mail server got, and how it behaves.

    Attributes:
        refuse: addresses it does not take.
        fail: so many mails are turned away for now.
    """

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    fail: int = 0


@contextmanager
def mail_server(port: int = 0) -> Iterator[Mails]:
    """Run a mail server on the loopback."""
    mails = Mails()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line.upper()
                if verb.startswith("EHLO"):
                    self.say("250-test\r\n250 8BITMIME")
                elif verb.startswith("RCPT") and any(address in line for address in mails.refuse):
                    self.say("550 no such person")
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take()
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def take(self):
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if mails.fail > 0:
                mails.fail -= 1
                self.say("451 try again later")
                return
            mails.taken.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
            self.say("250 taken")

        def say(self, text):
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", port), Conversation) as server:
        mails.port = server.server_address[1]
        yield from _served(server, mails)


@dataclass
class Requests:
    """What a listening system got: headers and body; and what it answers."""

    url: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@contextmanager
def listener() -> Iterator[Requests]:
    """Run a system that listens to HTTP on the loopback."""
    requests = Requests()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status = requests.answers.pop(0) if requests.answers else 201
            if status < 300:
                requests.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        requests.url = f"http://127.0.0.1:{server.server_address[1]}/in"
        yield from _served(server, requests)


def _served(server, seen):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        thread.join()
