"""The preview as a process on this computer."""

import http.cookiejar
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ran import Ran

from careplan.cli import preview as command
from careplan.problems import MissingPartError

SECONDS = 60


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts `careplan preview`; what still runs at the end is stopped."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "careplan", "preview", *arguments],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches a whole console there")
def test_a_reader_opens_it_listens_and_ends_it(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """The printed address opens once, the state comes by itself, and Ctrl+C ends it with a word."""
    (tmp_path / "request.yaml").write_text(
        "kind: request\nintervention: trigger-point-injection\noptions: {site: low-back}\n"
        "patient: {name: Jordan Example}\n",
        encoding="utf-8",
    )
    process = started("request.yaml")
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    base = address.partition("/?")[0]
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    with browser.open(address, timeout=SECONDS) as page:
        assert b"<main>" in page.read()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.build_opener().open(address, timeout=SECONDS)
    with browser.open(f"{base}/events", timeout=SECONDS) as events:
        line = events.readline().decode()
        state = json.loads(line.removeprefix("data: "))
        assert (state["subject"], state["version"], state["fresh"]) == ("request.yaml", 1, True)
        assert "Jordan" not in line
        with browser.open(f"{base}/handout", timeout=SECONDS) as handout:
            assert "Jordan Example" in handout.read().decode()
        process.send_signal(signal.SIGINT)
        assert b"event: end" in events.read()
    out, err = process.communicate(timeout=SECONDS)

    assert (process.returncode, out) == (0, "")
    assert err.splitlines() == [
        "request.yaml follows every save. Press Ctrl+C to stop.", "The preview has ended.",
    ]


def test_it_stops_by_itself(started: Callable[..., subprocess.Popen[str]]) -> None:
    """When nobody looks, it ends as it should."""
    process = started("tai-chi", "--idle", "0.0001")

    _, err = process.communicate(timeout=SECONDS)

    assert process.returncode == 0
    assert err.endswith("Nobody has looked for 0.0001 minutes; the preview has ended.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("tai-chee",), 2, "There is nothing called 'tai-chee'; did you mean 'tai-chi'?"),
        (("tai-chi", "-d", "3.12.2026"), 2, "-d 3.12.2026: write the day as YYYY-MM-DD."),
        (("gone.yaml",), 6, "There is no file gone.yaml."),
    ],
)
def test_what_cannot_be_seen_is_said(
    careplan: Callable[..., Ran], arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    """A wrong name, day or file ends the command before anything is served."""
    ran = careplan("preview", *arguments)

    assert (ran.code, ran.out) == (code, "")
    assert sentence in ran.err


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts for the preview are not installed with careplan itself."""
    monkeypatch.setattr(command, "find_spec", lambda _: None)

    with pytest.raises(MissingPartError, match=r"pip install 'careplan\[web\]'") as caught:
        command.preview.main(["tai-chi"], standalone_mode=False)

    assert caught.value.exit_code == 5
