"""A local TARA: the paths, checks and tokens of the specification, and it can be told to lie.

Runs on a port of its own in a thread. `answers` is what the next token says or does otherwise.
"""

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "tugivork-test", "kaardi taga on pin"
SUB = "EE60001019906"
ALLOWED_SCOPES = {"openid", "idcard", "mid", "smartid", "eidas", "eidasonly"}
CODE_LIVES = 30


class LocalTara:
    """`with LocalTara() as tara:` — `tara.url`, `tara.answers`, `tara.asked`."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = "avalik-1"
        self.codes: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []

    def __enter__(self) -> "LocalTara":
        tara = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                place = urlsplit(self.path)
                if place.path == "/oidc/authorize":
                    tara.authorize(self, {k: v[0] for k, v in parse_qs(place.query).items()})
                elif place.path == "/oidc/jwks":
                    reply(self, 200, tara.jwks())
                else:
                    reply(self, 404, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                typed = {key: value[0] for key, value in parse_qs(body).items()}
                tara.token(self, typed)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def jwks(self) -> Any:
        if "jwks" in self.answers:
            return self.answers["jwks"]
        key = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [key | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def authorize(self, handler: Any, asked: dict[str, str]) -> None:
        """As the specification: what is wrong is refused, else back with a code that lives 30 s."""
        self.asked.append(asked)
        fine = (
            asked.get("client_id") == CLIENT
            and asked.get("response_type") == "code"
            and set(asked.get("scope", "").split()) <= ALLOWED_SCOPES
            and "openid" in asked.get("scope", "").split()
            and asked.get("state")
        )
        if not fine:
            reply(handler, 400, {"error": "invalid_request"})
            return
        if "error" in self.answers:
            back = {"error": self.answers["error"], "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = {"asked": asked, "at": time.time()}
            back = {"code": code, "state": self.answers.get("state", asked["state"])}
        handler.send_response(302)
        handler.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
        handler.end_headers()

    def token(self, handler: Any, typed: dict[str, str]) -> None:
        if "token_status" in self.answers:
            reply(handler, self.answers["token_status"], {"error": "server_error"})
            return
        if "token_text" in self.answers:
            reply(handler, 200, self.answers["token_text"])
            return
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        code = self.codes.pop(typed.get("code", ""), None)
        if handler.headers.get("Authorization") != wanted:
            reply(handler, 401, {"error": "invalid_client"})
        elif (
            code is None
            or time.time() - code["at"] > CODE_LIVES
            or typed.get("redirect_uri") != code["asked"]["redirect_uri"]
        ):
            reply(handler, 400, {"error": "invalid_grant"})
        else:
            id_token = self.id_token(code["asked"])
            reply(
                handler,
                200,
                {"access_token": "ei-lähe-vaja", "token_type": "bearer", "id_token": id_token},
            )

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "jti": secrets.token_hex(8),
            "iss": self.url,
            "aud": CLIENT,
            "exp": now + 40,
            "iat": now,
            "nbf": now,
            "sub": SUB,
            "profile_attributes": {"given_name": "MARY ÄNN", "family_name": "O’CONNEŽ"},
            "amr": ["mID"],
            "acr": asked.get("acr_values", "substantial"),
            "state": asked["state"],
            "nonce": asked.get("nonce", ""),
        }
        claims |= self.answers.get("claims", {})
        for name, seconds in self.answers.get("seconds_from_now", {}).items():
            claims[name] = now + seconds
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = self.answers.get("alg", "RS256")
        key = self.other_key if self.answers.get("wrong_key") else self.key
        if algorithm == "none":
            key = None
        elif algorithm == "HS256":
            key = SECRET.ljust(32, "!")
        return jwt.encode(
            claims, key, algorithm, headers={"kid": self.answers.get("kid", self.kid)}
        )


def reply(handler: Any, status: int, body: Any) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.wfile.write(text.encode())
