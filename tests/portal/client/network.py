"""A network that does what it is told to a request, and otherwise carries it."""

from __future__ import annotations

import httpx2


class Flaky(httpx2.BaseTransport):
    """Carries requests to the real server.

    ``plan`` holds what happens to each of the next requests: ``lost`` (it never arrives),
    ``reply lost`` (it arrives, the answer does not), a response to give instead, or ``carry``.
    """

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport()
        self.plan: list[str | httpx2.Response] = []
        self.replaced: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.waits: list[float] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        self.asked.append(path)
        act = self.plan.pop(0) if self.plan else "carry"
        if isinstance(act, httpx2.Response):
            return act
        if act == "lost":
            raise httpx2.ConnectError("lost", request=request)
        if path in self.replaced:
            return httpx2.Response(200, content=self.replaced[path])
        response = self._inner.handle_request(request)
        if act == "reply lost":
            response.read()
            response.close()
            raise httpx2.ReadTimeout("reply lost", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


def busy(seconds: str) -> httpx2.Response:
    """A server that asks to be left alone for a while."""
    return httpx2.Response(503, headers={"Retry-After": seconds}, content=b"{}")
