"""Server-rendered pages: one template environment, two languages, scripts where one is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from portal.shell.headers import SCRIPTED
from portal.shell.spoken import say, spoken
from portal.shell.texts import HTML_LANGUAGE

MACHINE_PATHS = ("/v1/", "/log/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def wants_page() -> bool:
    """Whether this request comes from somebody who reads pages."""
    return not request.path.startswith(MACHINE_PATHS)


def page(template: str, *, status: int = 200, scripts: bool = False, **values: Any) -> Response:
    """Render a template with the words of the request's language.

    ``scripts`` lets the page run files of this server.
    """
    language = spoken()
    other = "en" if language == "zh" else "zh"
    text = render_template(
        template,
        say=say,
        language=language,
        html_language=HTML_LANGUAGE[language],
        other_language=f"?{urlencode({**request.args.to_dict(), 'lang': other})}",
        **values,
    )
    response = make_response(text, status)
    response.headers["Content-Language"] = HTML_LANGUAGE[language]
    response.vary.add("Accept-Language")
    if scripts:
        response.headers["Content-Security-Policy"] = SCRIPTED
    return response
