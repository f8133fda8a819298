"""Other programs that print the words of handouts: `python benchmarks/peers.py NAME FOLDER`.

Each prints every HTML page of FOLDER to PDF in one process, and then says as JSON how much
CPU it took and how many pages it made. All see the bundled fonts and no others.

WeasyPrint and Chromium print the same HTML and CSS as careplan. Typst, fpdf2 and xhtml2pdf
print the same words plainly: headings, paragraphs, list items and tables, without pictures;
only Typst's file is tagged. So they have less to do than careplan has.
"""

import base64
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

FONT = "Atkinson Hyperlegible Next"
HEADINGS = ("h1", "h2", "h3", "h4")
SIZES = {"h1": 20, "h2": 15, "h3": 12, "h4": 11, "p": 11, "li": 11}
UNSEEN = ("head", "style", "svg")
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
)


@dataclass
class Block:
    """A piece of a handout: its *kind* is the name of its HTML element; a table has *rows*."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Put *text* at the end, or into the last cell of a table."""
        if self.kind != "table":
            self.text += text
        elif self.rows and self.rows[-1]:
            self.rows[-1][-1] += text


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.unseen = 0
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - what HTMLParser calls
        self.unseen += tag in UNSEEN
        in_table = self.is_open and self.blocks[-1].kind == "table"
        in_item = self.is_open and self.blocks[-1].kind == "li"
        if tag == "table" or (tag in SIZES and not in_table and not (in_item and tag == "p")):
            self.blocks.append(Block(tag))
            self.is_open = True
        elif in_table and tag == "tr":
            self.blocks[-1].rows.append([])
        elif in_table and tag in ("td", "th"):
            self.blocks[-1].rows[-1].append("")
        elif self.is_open:
            self.blocks[-1].add(" " if tag in ("br", "p") else "")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        if self.is_open and self.blocks[-1].kind == tag:
            self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.unseen or not data.strip():
            return
        if not self.is_open:
            self.blocks.append(Block("p"))
            self.is_open = True
        self.blocks[-1].add(data)


def words(html: str) -> list[Block]:
    """Return what is written on *html*, one piece after the other."""
    parser = _Words()
    parser.feed(html)
    for one in parser.blocks:
        one.text = " ".join(one.text.split())
        width = max(map(len, one.rows), default=0)
        one.rows = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in one.rows]
    return [one for one in parser.blocks if one.text or one.rows]


def with_weasyprint(pages: Sequence[Path], _: Path) -> None:
    """Print with bare WeasyPrint: tagged PDF/UA-1."""
    import weasyprint  # noqa: PLC0415 - each peer loads its own

    for page in pages:
        weasyprint.HTML(filename=page).write_pdf(page.with_suffix(".pdf"), pdf_variant="pdf/ua-1")


def with_chromium(pages: Sequence[Path], _: Path) -> float:
    """Print with one Chromium over its DevTools pipe, tagged; return the CPU of all its processes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = _Chromium(profile)
        try:
            for page in pages:
                page.with_suffix(".pdf").write_bytes(browser.printed(page))
            return browser.cpu()
        finally:
            browser.close()


class _Chromium:
    """A browser that is told what to do through two pipes."""

    def __init__(self, profile: str) -> None:
        # It reads what it is told from 3 and answers on 4.
        theirs_in, self._tell = os.pipe()
        self._hear, theirs_out = os.pipe()
        shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        command = (str(shutil.which("chromium")), *CHROMIUM, f"--user-data-dir={profile}", "about:blank")
        self._process = subprocess.Popen(
            ("/bin/bash", "-c", shell, "bash", *command), pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._heard = b""
        self._number = 0
        self._session: dict[str, str] = {}
        targets = self._ask("Target.getTargets")["targetInfos"]
        page = next(one["targetId"] for one in targets if one["type"] == "page")
        session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        self._session = {"sessionId": session}
        self._ask("Page.enable")

    def printed(self, page: Path) -> bytes:
        """Return *page* as a PDF."""
        self._ask("Page.navigate", url=page.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass
        answer = self._ask(
            "Page.printToPDF", preferCSSPageSize=True, printBackground=True, generateTaggedPDF=True,
        )
        return base64.b64decode(answer["data"])

    def cpu(self) -> float:
        """Return the CPU seconds of the browser and all that it started, alive or not."""
        import psutil  # noqa: PLC0415 - careplan needs it too

        root = psutil.Process(self._process.pid)
        return sum(sum(one.cpu_times()[:4]) for one in (root, *root.children(recursive=True)))

    def close(self) -> None:
        """End the browser."""
        self._session = {}
        self._ask("Browser.close")
        self._process.wait(30)

    def _ask(self, method: str, **told: Any) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": told, **self._session}
        os.write(self._tell, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self._heard:
            read = os.read(self._hear, 1 << 20)
            if not read:
                message = "Chromium ended"
                raise OSError(message)
            self._heard += read
        one, _, self._heard = self._heard.partition(b"\0")
        return json.loads(one)


def with_typst(pages: Sequence[Path], fonts: Path) -> None:
    """Print the same words with Typst: tagged PDF/UA-1."""
    import typst  # noqa: PLC0415 - each peer loads its own

    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)],
    )
    for page in pages:
        source = page.with_suffix(".typ")
        source.write_text("\n".join(_typst(words(page.read_text("utf-8")))), encoding="utf-8")
        compiler = typst.Compiler(str(source), font_paths=known, ignore_system_fonts=True)
        compiler.compile(output=str(page.with_suffix(".pdf")), pdf_standards="ua-1")


def _typst(blocks: Sequence[Block]) -> Iterator[str]:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    yield f"#set document(title: {quoted(blocks[0].text)})"
    yield f'#set text(font: {quoted(FONT)}, size: 11pt, lang: "en")'
    yield '#set page("us-letter", margin: 2cm, numbering: "1 of 1")'
    for one in blocks:
        if one.kind == "table":
            first, *rest = ["".join(f"{quoted(cell)}, " for cell in row) for row in one.rows]
            yield f"#table(columns: {len(one.rows[0])}, table.header({first}), {''.join(rest)})"
        elif one.kind in HEADINGS:
            yield f"#heading(level: {one.kind[1]}, {quoted(one.text)})"
        else:
            yield f"#{'list' if one.kind == 'li' else 'par'}({quoted(one.text)})"


def with_fpdf2(pages: Sequence[Path], fonts: Path) -> None:
    """Print the same words with fpdf2, which tags nothing."""
    import fpdf  # noqa: PLC0415 - each peer loads its own

    for page in pages:
        pdf = fpdf.FPDF(format="letter")
        for style, face in (("", "Regular"), ("B", "Bold")):
            pdf.add_font(FONT, style, fonts / f"{FONT.replace(' ', '')}-{face}.ttf")
        pdf.add_page()
        for one in words(page.read_text("utf-8")):
            pdf.set_font(FONT, "B" if one.kind in HEADINGS else "", SIZES.get(one.kind, 11))
            if one.kind == "table":
                with pdf.table() as table:
                    for row in one.rows:
                        table.row(row)
            else:
                text = f"• {one.text}" if one.kind == "li" else one.text
                pdf.multi_cell(0, text=text, new_x="LMARGIN", new_y="NEXT")
        pdf.output(str(page.with_suffix(".pdf")))


def with_xhtml2pdf(pages: Sequence[Path], fonts: Path) -> None:
    """Print the same words with xhtml2pdf, which tags nothing."""
    from xhtml2pdf import pisa  # noqa: PLC0415 - each peer loads its own

    for page in pages:
        with page.with_suffix(".pdf").open("wb") as file:
            pisa.CreatePDF("".join(_plain(words(page.read_text("utf-8")), fonts)), dest=file)


def _plain(blocks: Sequence[Block], fonts: Path) -> Iterator[str]:
    yield "<html><head><style>@page { size: letter; margin: 2cm }"
    for weight, face in (("normal", "Regular"), ("bold", "Bold")):
        file = fonts / f"{FONT.replace(' ', '')}-{face}.ttf"
        yield f"@font-face {{ font-family: Face; font-weight: {weight}; src: url('{file}') }}"
    yield "body { font-family: Face; font-size: 11pt } td { vertical-align: top }</style></head><body>"
    for one in blocks:
        if one.kind == "table":
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in one.rows)
            yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        elif one.kind == "li":
            yield f"<ul><li>{escape(one.text)}</li></ul>"
        else:
            yield f"<{one.kind}>{escape(one.text)}</{one.kind}>"
    yield "</body></html>"


PEERS: dict[str, Callable[[Sequence[Path], Path], float | None]] = {
    "weasyprint": with_weasyprint, "chromium": with_chromium, "typst": with_typst,
    "fpdf2": with_fpdf2, "xhtml2pdf": with_xhtml2pdf,
}
MODULES = {"fpdf2": "fpdf"}


def is_there(name: str) -> bool:
    """Return whether the peer *name* is installed."""
    if name == "chromium":
        return shutil.which("chromium") is not None
    return importlib.util.find_spec(MODULES.get(name, name)) is not None


def main() -> None:
    """Print all pages of a folder with one peer."""
    name, folder, fonts = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    pages = sorted(folder.glob("*.html"))
    began = time.monotonic()
    elsewhere = PEERS[name](pages, fonts) or 0.0
    wall = time.monotonic() - began
    # Whatever a library starts in passing counts as well; Chromium has counted itself.
    own = resource.getrusage(resource.RUSAGE_SELF)
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + (elsewhere or started.ru_utime + started.ru_stime)
    import pikepdf  # noqa: PLC0415 - after the measurement

    made = [page.with_suffix(".pdf") for page in pages]
    numbers = [len(pikepdf.open(one).pages) for one in made]
    sys.stdout.write(json.dumps({"cpu": cpu, "wall": wall, "pages": sum(numbers) / len(numbers)}) + "\n")


if __name__ == "__main__":
    main()
