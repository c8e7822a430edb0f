"""Requests to the API that steers worlds (``/guichet/v1/openapi.json`` of a service)."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Optional

#: How long an answer is waited for: longer than the service takes for any.
TIMEOUT_S = 90


class GuichetError(Exception):
    """The service refused; its own sentence says why, and what to do."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        #: The HTTP status.
        self.status = status


class Client:
    """One service, and a token if it wants one."""

    def __init__(self, url: str, token: Optional[str] = None) -> None:
        self.url = url.rstrip("/")
        self._token = token
        # A proxy of the environment is for other machines than this one.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, method: str, path: str, body: Optional[dict[str, Any]] = None) -> Any:
        """The answer to a request below ``/guichet/v1/``; ``None`` if it has no body."""
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        address = f"{self.url}/guichet/v1/{path}"
        request = urllib.request.Request(address, data=data, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise GuichetError(refused.code, _message(refused)) from None
        return json.loads(text) if text else None


def _message(refused: urllib.error.HTTPError) -> str:
    text = refused.read().decode(errors="replace")
    try:
        return str(json.loads(text)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{refused.code} {refused.reason}: {text[:200]}"
