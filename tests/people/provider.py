"""A small real OpenID provider: discovery, authorization code with PKCE, token, user information, keys (OpenID Connect Core 1.0, 3.1)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "bilan", "a secret of the client"


@dataclass
class Provider:
    """What the provider knows and how it misbehaves.

    Attributes:
        claims: whom it vouches for.
        fault: ``key``, ``aud``, ``iss``, ``nonce``, ``exp``, ``userinfo``, ``down`` or empty.
        codes: given codes with what was asked for.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    foreign: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def document(self) -> dict[str, str]:
        """What it says of itself."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in names.items()}}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes after the person has agreed."""
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, str] | None:
        """Tokens for a code that fits; None when something does not."""
        before = self.codes.pop(asked.get("code", ""), None)
        if before is None or (asked["client_id"], asked["client_secret"]) != (CLIENT, SECRET):
            return None
        challenge = _encoded(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
        if challenge != before["code_challenge"] or asked["redirect_uri"] != before["redirect_uri"]:
            return None
        return {"access_token": "access", "token_type": "Bearer", "id_token": self._signed(before)}

    def keys(self) -> dict[str, Any]:
        """The public key, as JWKS."""
        numbers = self.key.public_key().public_numbers()
        parts = {name: _encoded(value.to_bytes((value.bit_length() + 7) // 8)) for name, value in (("n", numbers.n), ("e", numbers.e))}
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", **parts}]}

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://somebody.example" if self.fault == "iss" else self.issuer,
            "sub": "1",
            "aud": "another client" if self.fault == "aud" else CLIENT,
            "iat": now - 7200 if self.fault == "exp" else now,
            "exp": now - 3600 if self.fault == "exp" else now + 300,
            "nonce": "another" if self.fault == "nonce" else asked["nonce"],
        }
        head = {"alg": "RS256", "typ": "JWT", "kid": "one"}
        text = ".".join(_encoded(json.dumps(part).encode()) for part in (head, claims))
        key = self.foreign if self.fault == "key" else self.key
        return f"{text}.{_encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            if provider.fault == "down":
                self._answer(503, {})
            elif path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            elif path == "/userinfo":
                fits = self.headers["Authorization"] == "Bearer access" and provider.fault != "userinfo"
                self._answer(200 if fits else 401, provider.claims if fits else {})
            else:
                found = {"/.well-known/openid-configuration": provider.document, "/keys": provider.keys}[path]
                self._answer(200, found())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = provider.token({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
