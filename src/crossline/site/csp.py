"""The content security policy: everything from here, nothing inline but the one script the design system needs.

GOV.UK Frontend's page template carries one inline script, which marks the page as able to run modules. Without it every
component silently loses its behaviour, so its hash is allowed; a test compares the hash with the installed template.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from csp.constants import NONE, SELF

# The text between <script> and </script> in govuk_frontend_jinja/template.html, byte for byte.
BODY_CLASS_SCRIPT: Final = (
    "document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? "
    "' govuk-frontend-supported' : '');"
)


def script_hash(script: str) -> str:
    """The source expression that allows exactly this inline script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# The shape django-csp 4 reads. `frame-ancestors` and `form-action` do not fall back to `default-src`, so they are said.
CONTENT_SECURITY_POLICY: Final[dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, script_hash(BODY_CLASS_SCRIPT)],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-src": [NONE],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
