"""Copies the few front-end files we serve out of their npm packages. A maintainer runs it; nobody else needs Node.

    python -m crossline.site.vendor_assets            fetch with `npm pack`, copy, write manifest.json
    python -m crossline.site.vendor_assets FOLDER     the same from packages already fetched into FOLDER

What is changed on the way, and why: the typeface GDS Transport, the crest and the logo belong to services on GOV.UK, so
their rules are taken out; addresses of images become relative, so that hashed names work; links to source maps go.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from crossline.errors import FileUnreadable, InstallationError

VENDOR_FOLDER: Final = Path(__file__).parent / "static" / "vendor"
MANIFEST: Final = VENDOR_FOLDER / "manifest.json"

MIT_TEXT: Final = """\
The MIT License (MIT)

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package: where it lies on the registry and which built files of it we serve."""

    npm_name: str
    version: str
    folder: str  # inside the tarball, where the built files lie
    short_name: str
    copyright: str
    files: tuple[str, ...]

    @property
    def directory(self) -> str:
        """The folder under static/vendor; the version is part of its name."""
        return f"{self.short_name}-{self.version}"

    @property
    def tarball(self) -> str:
        """What `npm pack` calls the file."""
        return f"{self.npm_name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


@dataclass(frozen=True)
class VendoredFile:
    """One line of the manifest."""

    name: str
    version: str
    licence: str
    file: str  # relative to static/vendor
    sha256: str
    sha256_as_published: str


PACKAGES: Final = (
    Package(
        npm_name="govuk-frontend",
        version="6.6.0",
        folder="package/dist/govuk",
        short_name="govuk-frontend",
        copyright="Copyright (C) 2017 Crown Copyright (Government Digital Service)",
        files=("govuk-frontend.min.css", "govuk-frontend.min.js"),
    ),
    Package(
        npm_name="@ministryofjustice/frontend",
        version="11.1.0",
        folder="package/moj",
        short_name="moj-frontend",
        copyright="Copyright (c) 2021 dxw (as the LICENSE file of ministryofjustice/moj-frontend says)",
        files=(
            "moj-frontend.min.css",
            "moj-frontend.min.js",
            "assets/images/icon-close-cross-black.svg",
            "assets/images/icon-document.svg",
            "assets/images/icon-progress-tick.svg",
            "assets/images/icon-tag-remove-cross.svg",
            "assets/images/icon-tag-remove-cross-white.svg",
            "assets/images/icon-toggle-plus-minus.svg",
        ),
    ),
)

_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_URL = re.compile(r"url\(/assets/(?P<path>[^)]+)\)")
_SOURCE_MAP = re.compile(r"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def cleaned_css(text: str, *, kept: Iterable[str]) -> str:
    """The style sheet without the reserved typeface, with relative addresses; images we do not ship become `none`."""
    shipped = set(kept)

    def address(match: re.Match[str]) -> str:
        path = f"assets/{match['path']}"
        return f"url({path})" if path in shipped else "none"

    text = _FONT_FACE.sub("", text)
    text = text.replace("font-family:GDS Transport,arial,sans-serif", "font-family:arial,sans-serif")
    return _SOURCE_MAP.sub("", _URL.sub(address, text)).rstrip() + "\n"


def cleaned_script(text: str) -> str:
    """The script without its link to a source map we do not ship."""
    return _SOURCE_MAP.sub("", text.rstrip()).rstrip() + "\n"


def cleaned(content: bytes, *, file: str, kept: Iterable[str]) -> bytes:
    """What we serve in place of what was published."""
    if file.endswith(".css"):
        return cleaned_css(content.decode(), kept=kept).encode()
    if file.endswith(".js"):
        return cleaned_script(content.decode()).encode()
    return content


def copy_package(package: Package, tarball: Path, vendor: Path) -> list[VendoredFile]:
    """Copies the wanted files of one package, its licence beside them, and says what was copied."""
    target = vendor / package.directory
    shutil.rmtree(target, ignore_errors=True)
    lines = []
    with tarfile.open(tarball) as archive:
        for file in package.files:
            member = archive.extractfile(f"{package.folder}/{file}")
            if member is None:
                raise FileUnreadable(f"{tarball}: {file} is not a file in this package; check the list of files.")
            published = member.read()
            served = cleaned(published, file=file, kept=package.files)
            path = target / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(served)
            lines.append(
                VendoredFile(
                    name=package.npm_name,
                    version=package.version,
                    licence="MIT",
                    file=f"{package.directory}/{file}",
                    sha256=hashlib.sha256(served).hexdigest(),
                    sha256_as_published=hashlib.sha256(published).hexdigest(),
                )
            )
    (target / "LICENCE.txt").write_text(MIT_TEXT.format(copyright=package.copyright))
    return lines


def vendor_all(packed: Path, vendor: Path = VENDOR_FOLDER) -> list[VendoredFile]:
    """Copies every package from the folder of tarballs and writes the manifest."""
    lines = [line for package in PACKAGES for line in copy_package(package, packed / package.tarball, vendor)]
    (vendor / MANIFEST.name).write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    return lines


def fetch(folder: Path) -> None:
    """`npm pack` downloads published tarballs and runs none of their scripts."""
    npm = shutil.which("npm")
    if npm is None:
        raise InstallationError("npm was not found: vendoring needs it (a maintainer's machine only); install Node.")
    names = [f"{package.npm_name}@{package.version}" for package in PACKAGES]
    subprocess.run([npm, "pack", "--silent", *names], cwd=folder, check=True)


def main(arguments: list[str]) -> int:
    """The command; the manifest's length goes to standard output."""
    if arguments:
        lines = vendor_all(Path(arguments[0]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            fetch(Path(folder))
            lines = vendor_all(Path(folder))
    sys.stdout.write(f"{len(lines)} files copied to {VENDOR_FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
