"""The page and its door."""

import asyncio

import pytest
from starlette.testclient import TestClient

from careplan.problems import Location, Problem
from careplan.web.guard import Idleness
from careplan.web.preview import Preview, State
from careplan.web.proof import Proof, Stop, Subject, make_proof
from careplan.web.site import make_site, told

PORT = 8123
TOKEN = "one-time"  # noqa: S105 - of a test
HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def preview(subject: Subject) -> Preview:
    """Return a preview with one version and nothing that follows the files."""
    made = Preview(subject)
    made.state = State(1, make_proof(subject), fresh=True, checked=True)
    return made


@pytest.fixture
def stranger(preview: Preview) -> TestClient:
    """Return a browser that has no cookie yet."""
    return TestClient(make_site(preview, PORT, TOKEN, 60, lambda: None), base_url=HERE)


@pytest.fixture
def reader(stranger: TestClient) -> TestClient:
    """Return a browser that has opened the address."""
    assert stranger.get("/", params={"token": TOKEN}).status_code == 200
    return stranger


ADDRESSES = [
    "/", "/page.css", "/page.js", "/tokens.css", "/handout", "/events", "/pages", "/handout.pdf",
    "/fonts/AtkinsonHyperlegibleNext-Regular.ttf", "/nowhere",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_told_to_a_stranger(stranger: TestClient, address: str) -> None:
    """Without the cookie every address is closed, and says how to open it."""
    answer = stranger.get(address)

    assert answer.status_code == 403
    assert "careplan preview printed" in answer.text


def test_the_token_opens_once(stranger: TestClient) -> None:
    """The first who brings it gets a cookie that no script can read; the second gets nothing."""
    first = stranger.get("/", params={"token": TOKEN})
    line = first.headers["set-cookie"]
    stranger.cookies.clear()
    second = stranger.get("/", params={"token": TOKEN})

    assert first.status_code == 200
    assert line.startswith(f"careplan_preview_{PORT}=")
    assert line.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert TOKEN not in line
    assert (second.status_code, "set-cookie" in second.headers) == (403, False)


@pytest.mark.parametrize(
    ("address", "token"), [("/", "wrong"), ("/", ""), ("/", "é"), ("/handout", TOKEN), ("/events", TOKEN)]
)
def test_a_wrong_token_opens_nothing(stranger: TestClient, address: str, token: str) -> None:
    """Neither another token nor the right one at another address opens the door, nor spends it."""
    assert stranger.get(address, params={"token": token}).status_code == 403
    assert stranger.get("/", params={"token": TOKEN}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "localhost", ""]
)
def test_another_host_name_is_refused(reader: TestClient, host: str) -> None:
    """A page elsewhere whose name points to this computer gets nothing, even with the cookie."""
    answer = reader.get("/handout", headers={"host": host})

    assert (answer.status_code, "Walk" in answer.text) == (400, False)


def test_localhost_is_this_computer(reader: TestClient) -> None:
    """The usual name of this computer will do."""
    cookie = "; ".join(f"{key}={value}" for key, value in reader.cookies.items())

    answer = reader.get("/handout", headers={"host": f"localhost:{PORT}", "cookie": cookie})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)]
)
def test_another_page_on_this_computer_is_refused(reader: TestClient, site: str, status: int) -> None:
    """Cookies know no ports, so what the browser says about who asks counts as well."""
    assert reader.get("/handout", headers={"sec-fetch-site": site}).status_code == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_the_page_can_only_be_read(reader: TestClient, method: str) -> None:
    """Nothing can be sent to it."""
    answer = reader.request(method, "/pages")

    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/handout", "/page.js", "/nowhere", "/handout.pdf"])
def test_every_answer_is_closed_to_the_outside(reader: TestClient, address: str) -> None:
    """No answer is kept, guessed at, framed elsewhere or read by another origin."""
    headers = reader.get(address).headers

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"] or address.startswith("/handout")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_a_strangers_answer_is_closed_as_well(stranger: TestClient) -> None:
    """Refusals carry the same headers."""
    refused = stranger.get("/", headers={"host": "evil.example"})

    assert refused.headers["content-security-policy"].startswith("default-src 'none'")
    assert refused.headers["cache-control"] == "no-store"


def test_the_page_loads_its_own_files_only(reader: TestClient) -> None:
    """Every address in the page and its style sheet is one that it answers itself."""
    page, sheet = reader.get("/").text, reader.get("/page.css").text

    assert "http" not in page
    assert "http" not in sheet
    for address in ("/page.css", "/tokens.css", "/page.js", "/handout"):
        assert f'"{address}"' in page
        assert reader.get(address).status_code == 200
    assert reader.get("/fonts/AtkinsonHyperlegibleNext-Bold.ttf").headers["content-type"] == "font/ttf"


def test_the_page_has_landmarks_and_tells_its_status(reader: TestClient) -> None:
    """Who listens finds the handout and the problems, and hears of every change."""
    page = reader.get("/").text

    for part in ("<header>", "<main>", "<aside ", 'role="status"', 'class="skip"', 'title="The handout'):
        assert part in page


def test_the_handout_runs_nothing(reader: TestClient) -> None:
    """The handout is shown as it is, with our typeface, and no script in it would run."""
    answer = reader.get("/handout")
    policy = answer.headers["content-security-policy"]

    assert "Walk 5 minutes a day." in answer.text
    assert "script-src" not in policy
    assert "sandbox allow-same-origin" in policy
    assert answer.text.index("AtkinsonHyperlegibleNext-Regular.ttf") < answer.text.index("@layer tokens")


def test_printed_pages_come_on_demand(reader: TestClient) -> None:
    """There are none until somebody asks; then they are counted and can be opened."""
    assert reader.get("/handout.pdf").status_code == 404

    answer = reader.get("/pages").json()
    pdf = reader.get("/handout.pdf")

    assert answer["version"] == 1
    assert answer["pages"] > 1
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_what_cannot_be_printed_is_told(reader: TestClient, preview: Preview) -> None:
    """Before there is a version, the question for pages gets a sentence."""
    preview.state = State()

    assert reader.get("/pages").json() == {"problem": "There is no version to print yet."}


def test_the_state_is_told_with_line_and_caret(preview: Preview) -> None:
    """A problem has its place, its line and a caret below it; a stop its rule and what to do."""
    problem = Problem(Location("a.yaml", 3, 5), "x is missing.", "missing-field", excerpt="    x:")
    state = State(0, Proof(), stops=(Stop("r1", "Why.", "What to do."),), problems=(problem,))

    data = told(preview, state)

    assert data["problems"] == [{
        "level": "problem", "place": "a.yaml:3:5", "sentence": "x is missing.", "code": "missing-field",
        "excerpt": "    x:", "caret": "    ^",
    }]
    assert data["stops"] == [{"rule": "r1", "reason": "Why.", "help": "What to do."}]
    assert data["rules"] == []


def test_idleness_counts_while_nobody_asks() -> None:
    """It ends after the last request, and not during one, however long that is."""

    async def told_in_order() -> list[str]:
        said: list[str] = []
        stopped = asyncio.Event()

        def stop() -> None:
            said.append("stopped")
            stopped.set()

        idleness = Idleness(0.001, stop)
        idleness.begin()
        with idleness:
            idleness.begin()
            asking = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, asking.set)
            await asking.wait()
            said.append("asked")
        await asyncio.wait_for(stopped.wait(), 60)
        return said

    assert asyncio.run(told_in_order()) == ["asked", "stopped"]
