"""HTML to a tagged PDF. Nothing is loaded from outside, and no warning passes."""

import atexit
import ctypes.util
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import lru_cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from careplan.content.clinic import Asset, Clinic
from careplan.content.faces import require_faces
from careplan.content.libraries import SONAMES, pango_command
from careplan.problems import MissingPartError, OutputError
from careplan.render.finish import Overlay, finish
from careplan.render.stationery import own_files


def render_pdf(html: str, templates: Path) -> bytes:
    """Return *html* as a PDF/UA-1 file; the same HTML gives the same bytes.

    Raises `MissingPartError` where this computer lacks Pango, and `OutputError` where
    the page has something that cannot be printed as it should.
    """
    return write(lay_out(html, templates))


def lay_out(
    html: str, templates: Path, own: Mapping[str, Asset] = MappingProxyType({}), *, fillable: bool = False
) -> Any:
    """Return *html* laid out on pages, as WeasyPrint's document; raises like `render_pdf`.

    *own* are the clinic's files by the addresses that the page may name; no other is answered.
    With *fillable*, inputs become fields of a form.
    """
    weasyprint = _weasyprint(templates)
    before, opened, rest = html.partition("<style>")
    styles, closed, behind = rest.partition("</style>")
    with _strict_log():
        try:
            fetcher = _fetcher(weasyprint, own)
            page = weasyprint.HTML(
                string=before + opened + closed + behind, url_fetcher=fetcher, base_url=None,
            )
            sheet = _sheet(templates, styles, tuple(own.items()))
            return page.render(
                pdf_variant="pdf/ua-1", font_config=_fonts(templates, _faces(own)), pdf_forms=fillable,
                stylesheets=[sheet],
            )
        except weasyprint.urls.FatalURLFetchingError:
            message = "The page asks for something outside careplan, which is never loaded."
            raise OutputError(message) from None


def warm_up(templates: Path, clinic: Clinic) -> None:
    """Load all that the pages of *clinic* are printed with; raises like `render_pdf`."""
    write(lay_out("<!DOCTYPE html><html lang=en><title>.</title><p>.", templates, own_files(clinic)))


def write(document: Any, record: str = "", overlay: Overlay | None = None) -> bytes:
    """Return a document that was laid out as a PDF file, which keeps *record*; raises `OutputError`.

    *overlay* is laid over its pages.
    """
    with _strict_log():
        data: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return finish(data, record, overlay)


def draw_overlay(document: Any, after: int) -> Overlay:
    """Return the one page of *document* to be laid over the pages behind the first *after* ones."""
    with _strict_log():
        return Overlay(document.write_pdf(), after)


def starts_on_page(document: Any, anchor: str) -> int:
    """Return the page, counted from 1, on which the element with the id *anchor* begins."""
    pages = enumerate(document.pages, start=1)
    return next((number for number, page in pages if anchor in page.anchors), 0)


@lru_cache
def _weasyprint(templates: Path) -> Any:
    """Return WeasyPrint, set up to see the bundled fonts and no others."""
    require_faces(templates)
    os.environ["FONTCONFIG_FILE"] = str(templates / "fonts" / "fonts.conf")
    # What WeasyPrint prints when a library is missing is said in our own words.
    with _quick_libraries(), redirect_stdout(StringIO()):
        try:
            import weasyprint  # noqa: PLC0415 - slow, and it must come after the line above
        except OSError as error:
            raise MissingPartError(missing_pango()) from error
    return weasyprint


@lru_cache
def _fonts(templates: Path, faces: tuple[str, ...]) -> Any:
    """Return the bundled fonts, and room for those at the addresses *faces*.

    Clinics do not share it: their typefaces have the same name.
    """
    _weasyprint(templates)
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - slow to import

    fonts = FontConfiguration()
    if faces:
        # It copies them to a folder, which nobody else is sure to remove at the end.
        atexit.register(fonts.__del__)
    return fonts


def _faces(own: Mapping[str, Asset]) -> tuple[str, ...]:
    """Return the addresses of the clinic's typefaces."""
    return tuple(url for url, asset in own.items() if asset.media.startswith("font/"))


# Pages of one clinic and edition begin with the same style sheet, which is in layers: whatever
# else a page says comes before it, so it does not matter that it is read on its own.
@lru_cache(maxsize=16)
def _sheet(templates: Path, styles: str, own: tuple[tuple[str, Asset], ...]) -> Any:
    """Return the style sheet *styles*, read once for all pages that begin with it."""
    weasyprint, files = _weasyprint(templates), dict(own)
    return weasyprint.CSS(
        string=styles, url_fetcher=_fetcher(weasyprint, files), font_config=_fonts(templates, _faces(files)),
        base_url=None,
    )


def _fetcher(weasyprint: Any, own: Mapping[str, Asset]) -> Any:
    """Return a fetcher that hands out *own* and nothing else, whatever a page asks for."""

    class Fetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in own:
                return super().fetch(url, headers)
            media = {"Content-Type": own[url].media}
            return weasyprint.urls.URLFetcherResponse(url, own[url].data, media)

    return Fetcher(allowed_protocols=frozenset(), allow_redirects=False, fail_on_errors=True)


@contextmanager
def _quick_libraries() -> Iterator[None]:
    real: Callable[[str], str | None] = ctypes.util.find_library

    def find(name: str) -> str | None:
        plain = name.removeprefix("lib").removesuffix("-0")
        return SONAMES.get(plain) if os.name == "posix" and os.uname().sysname == "Linux" else real(name)

    ctypes.util.find_library = find  # type: ignore[assignment,unused-ignore]
    try:
        yield
    finally:
        ctypes.util.find_library = real  # type: ignore[assignment,unused-ignore]


class _Complaints(logging.Handler):
    """Collects what WeasyPrint would only log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _strict_log() -> Iterator[None]:
    """Raise `OutputError` for what WeasyPrint would only log: a hole in a page is an error."""
    handler = _Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if handler.said:
        message = "The page cannot be printed as it should: " + "; ".join(dict.fromkeys(handler.said))
        raise OutputError(message)


def missing_pango() -> str:
    """Return what to do on this system when Pango is missing."""
    return (
        "This computer lacks Pango, which prints the text. Install it with: "
        f"{pango_command()}. Until then, -f html works."
    )
