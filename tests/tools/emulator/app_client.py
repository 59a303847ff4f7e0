"""Requests to an ASGI app itself, each on a new event loop, without what a client of httpx adds to them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from starlette.types import ASGIApp

from tests.tools.emulator_wire.response_check import check_response
from tools.json_value import Json


class AppClient:
    """Sends requests, waits for the responses; one that Azure would not send fails every test."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] | None = None) -> None:
        self._transport = httpx.ASGITransport(app=app)
        self._headers = dict(headers or {})

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Json = None,
        content: str | bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The response to a request."""

        request = httpx.Request(
            method,
            f"https://emulator{url}" if url.startswith("/") else url,
            json=json,
            content=content,
            params=params,
            headers={**self._headers, **(headers or {})},
        )

        async def send() -> httpx.Response:
            response = await self._transport.handle_async_request(request)
            response.request = request
            await response.aread()
            return response

        response = asyncio.run(send())
        check_response(response)
        return response

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The response to a GET."""
        return self.request("GET", url, params=params, headers=headers)
