"""Vendored files are what the manifest says, complete, free of what we may not ship, and fit for hashed names."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from crossline.errors import InstallationError
from crossline.site.vendor_assets import MANIFEST, PACKAGES, VENDOR_FOLDER, cleaned_css, cleaned_script, copy_package
from crossline.site.vendored import vendored_path

LINES = json.loads(MANIFEST.read_text())


def test_every_file_is_what_the_manifest_says():
    for line in LINES:
        assert hashlib.sha256((VENDOR_FOLDER / line["file"]).read_bytes()).hexdigest() == line["sha256"], line["file"]
        assert line["licence"] == "MIT"


def test_the_manifest_names_every_file_and_each_package_keeps_its_licence_beside():
    there = {str(path.relative_to(VENDOR_FOLDER)) for path in VENDOR_FOLDER.rglob("*") if path.is_file()}
    licences = {f"{package.directory}/LICENCE.txt" for package in PACKAGES}
    assert there == {line["file"] for line in LINES} | licences | {"manifest.json"}
    for licence in licences:
        assert "MIT License" in (VENDOR_FOLDER / licence).read_text()


def test_the_manifest_has_the_packages_this_script_would_copy():
    assert {(line["name"], line["version"]) for line in LINES} == {(p.npm_name, p.version) for p in PACKAGES}


def test_neither_typeface_nor_crest_nor_source_map_is_shipped():
    for path in VENDOR_FOLDER.rglob("*.min.*"):
        text = path.read_text()
        assert "GDS Transport" not in text
        assert "@font-face" not in text
        assert "crest.svg" not in text
        assert "sourceMappingURL" not in text


def test_every_address_in_a_style_sheet_is_a_file_beside_it():
    for sheet in VENDOR_FOLDER.rglob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            assert (sheet.parent / address).is_file(), address


def test_cleaning_keeps_what_is_shipped_and_drops_what_is_not():
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
        "a{font-family:GDS Transport,arial,sans-serif;background:url(/assets/images/kept.svg)}"
        "b{background-image:url(/assets/images/govuk-crest.svg)}\n/*# sourceMappingURL=x.css.map */"
    )
    assert cleaned_css(css, kept=["assets/images/kept.svg"]) == (
        "a{font-family:arial,sans-serif;background:url(assets/images/kept.svg)}b{background-image:none}\n"
    )
    assert cleaned_script("export{a};//# sourceMappingURL=a.js.map\n") == "export{a};\n"


def test_copying_a_package_writes_its_files_and_hashes_both_texts(tmp_path: Path):
    package = PACKAGES[0]
    tarball = tmp_path / package.tarball
    with tarfile.open(tarball, "w:gz") as archive:
        for file in package.files:
            content = b"a{background:url(/assets/images/govuk-crest.svg)}"
            member = tarfile.TarInfo(f"{package.folder}/{file}")
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    lines = copy_package(package, tarball, tmp_path)
    assert (tmp_path / package.directory / package.files[0]).read_text() == "a{background:none}\n"
    assert [line.file for line in lines] == [f"{package.directory}/{file}" for file in package.files]
    assert lines[0].sha256 != lines[0].sha256_as_published


def test_a_file_that_was_never_vendored_is_an_error_that_says_what_to_do():
    assert vendored_path("govuk-frontend.min.css").endswith("/govuk-frontend.min.css")
    with pytest.raises(InstallationError, match="vendor_assets"):
        vendored_path("jquery.js")


def test_hashed_static_names_can_be_made(tmp_path: Path):
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storage, DEBUG=False):
        call_command("collectstatic", "--noinput", stdout=StringIO())
    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for file in ("crossline.css", "crossline.js", vendored_path("moj-frontend.min.css")):
        assert re.search(r"\.[0-9a-f]{12}\.", hashed[file])
    sheet = (tmp_path / hashed[vendored_path("moj-frontend.min.css")]).read_text()
    assert re.search(r"icon-document\.[0-9a-f]{12}\.svg", sheet)
