"""Server-rendered pages: one template environment, no scripts, two languages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from portal.shell.texts import HTML_LANGUAGE, say, spoken

MACHINE_PATHS = ("/v1/", "/log/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def wants_page() -> bool:
    """Whether this request comes from somebody who reads pages."""
    return not request.path.startswith(MACHINE_PATHS)


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """Render a template with the words of the request's language."""
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
    return response
