"""Where the vendored front-end files lie, read from the manifest, so that no template names a version."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from crossline.errors import InstallationError

MANIFEST: Final = Path(__file__).parent / "static" / "vendor" / "manifest.json"


@cache
def _files() -> dict[str, str]:
    """Bare file name → path under the static folder."""
    lines = json.loads(MANIFEST.read_text())
    return {Path(line["file"]).name: f"vendor/{line['file']}" for line in lines}


def vendored_path(file: str) -> str:
    """The static path of a vendored file by its bare name."""
    try:
        return _files()[file]
    except KeyError:
        raise InstallationError(f"{file} is not among the vendored files; run crossline.site.vendor_assets.") from None
