"""The page against strangers, other sites and hostile mail (OWASP Top Ten, as far as a page like this has them)."""

from __future__ import annotations

import http.client
import io
import re
import socket
import stat
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from pipeline.errors import ConfigError
from pipeline.ledger import acts, histories
from pipeline.ledger.tables import QuarantineRow
from pipeline.web.app import make_app
from pipeline.web.attempts import MOST, MOST_OF_ALL, WINDOW, Attempts
from pipeline.web.gate import Gate
from pipeline.web.secret import Secret
from pipeline.web.serving import open_desk, serve_page, the_secret
from pipeline.web.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions
from pipeline.web.visit import local_path
from tests.web.conftest import log_in
from tests.web.office import IMAGE, NOW, PASSWORD, SCRIPT, Served, open_at, serving


def form_of(page: str, field: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{field}" value="([^"]*)"', page)
    assert found
    return found[1]


def enter(client: httpx.Client, password: str = PASSWORD) -> httpx.Response:
    """Log in as a browser does."""
    token = form_of(client.get("/login").text, "token")
    return client.post("/login", data={"name": "王主任", "password": password, "token": token, "next": "/"})


def paths_of(served: Served) -> list[tuple[str, str]]:
    """Every address of the page with its method, its places filled with what is really there."""
    message = served.mail("f")
    places = {
        "{name}": "石桥村",
        "{digest}": message.digest,
        "{number:int}": "0",
        "{file}": message.attachments[0].digest,
        "{picture}": message.attachments[0].digest,
        "{token}": "x",
    }
    gate = make_app(open_desk(served.office), [], only_loopback=True)
    assert isinstance(gate, Gate)
    found: list[tuple[str, str]] = []
    for route in gate.app.routes:  # type: ignore[attr-defined]
        path = route.path
        for place, value in places.items():
            path = path.replace(place, value)
        found += [(method, path) for method in sorted(getattr(route, "methods", None) or ()) if method != "HEAD"]
    return found


def test_nothing_is_seen_or_done_without_a_session(served: Served, client: httpx.Client) -> None:
    """Every address but the way in leads to the login, and says nothing."""
    public = ("/login", "/first/x")
    paths = paths_of(served)
    assert len(paths) > 25
    for method, path in paths:
        if path in public:
            continue
        answer = client.request(method, path, data={"csrf": ""} if method == "POST" else None)
        assert (path, answer.status_code) == (path, 303)
        assert answer.headers["location"].startswith("/login")
        assert "石桥村" not in answer.text
    assert acts.all_acts(served.office.ledger, served.office.campaign) == []


def test_every_post_needs_the_sessions_own_token(served: Served, client: httpx.Client) -> None:
    """Another site can make a browser send the cookie, and not the token."""
    enter(client)
    for method, path in paths_of(served):
        if method == "POST" and path not in ("/login", "/first/x"):
            for token in ("", "x" * 43):
                answer = client.post(path, data={"csrf": token, "what": "accept", "village": "石桥村"})
                assert (path, answer.status_code) == (path, 403)
    assert acts.all_acts(served.office.ledger, served.office.campaign) == []


def test_a_form_of_another_kind_is_refused(served: Served, client: httpx.Client) -> None:
    """A body that a plain form of another site could send as text or JSON is not read."""
    enter(client)
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        assert client.post("/poll", content=b"csrf=x", headers={"Content-Type": kind}).status_code == 415


def test_the_cookie_is_the_browsers_alone(served: Served, client: httpx.Client) -> None:
    """HttpOnly and SameSite; a new token with each login; the old one is worth nothing after logging out."""
    cookie = next(each for each in enter(client).headers.get_list("set-cookie") if each.startswith("baosong="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = client.cookies["baosong"]
    csrf = form_of(client.get("/").text, "csrf")
    client.post("/logout", data={"csrf": csrf})
    stolen = httpx.get(f"{served.url}/", cookies={"baosong": token}, follow_redirects=False)
    assert stolen.headers["location"] == "/login"


def test_guessing_is_slow(served: Served, client: httpx.Client) -> None:
    """After five failures even the right password waits."""
    assert [enter(client, f"guess {number}").status_code for number in range(MOST)] == [401] * MOST
    assert enter(client).status_code == 429


def test_failures_are_forgotten_after_a_while() -> None:
    """And a success forgets them at once; many addresses together are held up too, but never this machine."""
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(MOST):
        assert attempts.begin("10.0.0.1") == 0
    assert attempts.begin("10.0.0.1") > 0
    assert attempts.begin("10.0.0.2") == 0
    attempts.succeed("10.0.0.2")
    now[0] = WINDOW + 1
    assert attempts.begin("10.0.0.1") == 0
    for number in range(MOST_OF_ALL):
        attempts.begin(f"10.1.0.{number}")
    assert attempts.begin("10.2.0.1") > 0
    assert attempts.begin("127.0.0.1") == 0


def test_sessions_run_out() -> None:
    """When nobody uses them, and at the end of a long day."""
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token, _ = sessions.begin("王主任")
    while now[0] <= LONGEST_SECONDS:
        assert sessions.find(token) is not None
        now[0] += IDLE_SECONDS / 2
    assert sessions.find(token) is None
    token, _ = sessions.begin("王主任")
    now[0] += IDLE_SECONDS + 1
    assert sessions.find(token) is None


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:80", "127.0.0.1.evil.test", "localhost.evil.test", "10.0.0.5", ""]
)
def test_another_host_is_refused(served: Served, host: str) -> None:
    """DNS rebinding: a name of the attacker's that leads to this machine."""
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.putrequest("GET", "/login", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status in (400, 421)
    assert "密码" not in answer.read().decode()


def test_every_answer_carries_the_headers(served: Served, client: httpx.Client) -> None:
    """Also errors, files and the style sheet: no script, no frame, no guessing of types."""
    enter(client)
    digest = served.mail("a").digest
    for path in ("/", "/nowhere", "/static/desk.css", f"/mail/{digest}/file/0", "/village/无此村"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert client.get("/").headers["cache-control"] == "no-store"


def test_nothing_of_a_mail_is_html(served: Served, browser: Browser) -> None:
    """Script in subject, file name and text stands there as text, and does nothing even where scripts are allowed."""
    context = browser.new_context(base_url=served.url, bypass_csp=True)
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    log_in(page)
    mail = served.mail("h")
    for path in ("/", "/inbox", f"/mail/{mail.digest}", "/village/石桥村", "/decisions"):
        page.goto(path)
        assert page.locator("script").count() == 0
        assert page.locator("img[onerror]").count() == 0
        assert page.title() != "bad"
    page.goto(f"/mail/{mail.digest}")
    assert SCRIPT in page.locator("pre.mail").inner_text()
    assert IMAGE in page.locator("h1").inner_text()
    assert alerts == []
    context.close()


def test_a_persons_own_words_are_text_too(served: Served, client: httpx.Client) -> None:
    """Name and reason come from a form, and are shown to others."""
    token = form_of(client.get("/login").text, "token")
    client.post("/login", data={"name": "<b>王</b>", "password": PASSWORD, "token": token})
    csrf = form_of(client.get("/").text, "csrf")
    data = {"csrf": csrf, "village": "石桥村", "deliverable": "plan", "what": "return", "why": SCRIPT}
    assert client.post("/decide", data=data).status_code == 303
    shown = client.get("/decisions").text
    assert SCRIPT not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>王</b>" not in shown


def test_files_are_downloads_of_no_type(served: Served, client: httpx.Client) -> None:
    """Whatever a village calls it: no browser opens it, and its name leads nowhere."""
    enter(client)
    mail = served.mail("h")
    for number, attachment in enumerate(mail.attachments):
        answer = client.get(f"/mail/{mail.digest}/file/{number}")
        assert answer.headers["content-type"] == "application/octet-stream"
        named = answer.headers["content-disposition"]
        assert named.startswith("attachment; filename*=UTF-8''")
        assert not re.search(r"[/\\<>\"]|\.\.|%2F|%5C|%3C|%0[AD]", named.removeprefix("attachment; filename*=UTF-8''"))
        assert attachment.size == len(answer.content)


def test_what_is_in_quarantine_is_not_handed_on(served: Served, client: httpx.Client) -> None:
    """No download, no thumbnail, not in the village's zip; the mail's page says why there is no button."""
    enter(client)
    mail = served.mail("f")
    digest = mail.attachments[0].digest
    assert client.get(f"/picture/{digest}/{digest}").status_code == 200
    with served.office.ledger.writing() as session:
        session.add(QuarantineRow(digest=digest, message=mail.digest, since=NOW))
    refused = client.get(f"/mail/{mail.digest}/file/0")
    assert refused.status_code == 403
    assert "已经隔离" in refused.text
    assert client.get(f"/picture/{digest}/{digest}").status_code == 404
    assert client.get(f"/mail/{mail.digest}").text.count("已隔离，不提供下载") == 1
    with zipfile.ZipFile(io.BytesIO(client.get("/village/石桥村/originals.zip").content)) as packed:
        names = [name for name in packed.namelist() if "照片1.jpg" in name]
    assert [name.endswith("照片1.jpg.已隔离.txt") for name in names] == [True]


@pytest.mark.parametrize(
    "path",
    [
        "/downloads/report/..%2F..%2Fconfig.toml",
        "/downloads/report/%2e%2e%2fconfig.toml",
        "/downloads/merged/..%5C..%5Cconfig.toml",
        "/downloads/report/config.toml",
        "/downloads/merged/%2Fetc%2Fpasswd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2Fapp.py",
        "/picture/..%2F..%2Fconfig.toml/x",
        f"/picture/{'0' * 64}/{'0' * 64}",
        "/mail/../../config.toml",
        "/mail/x/file/0",
        "/village/..%2F..%2Fetc/originals.zip",
    ],
)
def test_no_path_leads_out(served: Served, client: httpx.Client, path: str) -> None:
    """Not even for who is logged in: what is asked for is looked up, never opened."""
    enter(client)
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.request("GET", path, headers={"Cookie": f"baosong={client.cookies['baosong']}"})
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    assert answer.status == 404
    assert "campaign =" not in body
    assert "import" not in body


def test_a_link_out_of_the_folder_is_not_offered(served: Served, client: httpx.Client, tmp_path: Path) -> None:
    """A symbolic link among the reports is left alone."""
    outside = tmp_path / "secret.html"
    outside.write_text("secret", encoding="utf-8")
    folder = served.office.config.report.folder
    folder.mkdir(exist_ok=True)
    name = f"x-{served.office.campaign.id}.html"
    (folder / name).symlink_to(outside)
    enter(client)
    assert client.get(f"/downloads/report/{name}").status_code == 404


@pytest.mark.parametrize("then", ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "\t//x"])
def test_the_way_back_stays_here(served: Served, client: httpx.Client, then: str) -> None:
    """Neither the login nor a form leads to another place."""
    assert local_path(then) == "/"
    token = form_of(client.get("/login").text, "token")
    answer = client.post("/login", data={"name": "王", "password": PASSWORD, "token": token, "next": then})
    assert answer.headers["location"] == "/"


def test_large_bodies_are_refused(served: Served, client: httpx.Client) -> None:
    """Before anything of them is read, logged in or not."""
    assert client.post("/login", data={"password": "x" * 200_000}).status_code == 413
    assert client.post("/login", content=iter([b"x"])).status_code == 411


def test_the_first_password_needs_the_link(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link works once, for its holder alone; the password is kept as an argon2id hash that only its owner reads."""
    import shutil  # noqa: PLC0415

    shutil.copytree(built.parent, tmp_path / "office")
    config = tmp_path / "office" / "config.toml"
    secret = the_secret(open_at(config))
    secret.file.unlink()
    first = {"name": "王主任", "password": "a long one", "again": "a long one"}
    with serving(config, invitation="the-token") as page, httpx.Client(base_url=page.url) as client:
        assert client.post("/first/another", data=first).status_code == 404
        assert not secret.is_set
        assert client.post("/first/the-token", data=first).headers["location"] == "/"
        assert client.get("/").status_code == 200
        assert client.post("/first/the-token", data=first).status_code == 404
    kept = secret.file.read_text("ascii")
    assert kept.startswith("$argon2id$")
    assert stat.S_IMODE(secret.file.stat().st_mode) == 0o600
    assert secret.matches("a long one")
    assert not secret.matches("a long on")


def test_without_a_password_nobody_outside_is_served(built: Path, tmp_path: Path) -> None:
    """Listening for the network needs a password first."""
    office = open_at(built)
    secret = Secret(tmp_path / "none")
    assert not secret.matches("")
    the_secret(office).file.rename(tmp_path / "kept")
    try:
        with pytest.raises(ConfigError, match="--set-password"):
            serve_page(office, host="0.0.0.0", port=0, names=[], say=lambda _: None)
    finally:
        (tmp_path / "kept").rename(the_secret(office).file)


def test_a_stranger_on_the_network_finds_no_door(served: Served) -> None:
    """The page listens on this machine's own address alone."""
    port = urlsplit(served.url).port or 0
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as knocking:
            knocking.settimeout(3)
            assert knocking.connect_ex((str(address), port)) != 0


def test_a_lost_cookie_of_another_office_opens_nothing(served: Served, client: httpx.Client) -> None:
    """Tokens are known here or nowhere; strange ones do no harm."""
    for token in ("", "x", "x" * 5000, "%00", "é"):
        answer = client.get("/", headers=[(b"Cookie", f"baosong={token}".encode())])
        assert answer.headers["location"] == "/login"


def test_the_letters_of_a_village_are_its_own(served: Served) -> None:
    """A name with signs of SQL's patterns finds nobody else's letters."""
    for name in ("%", "_桥村", "石桥村' OR '1'='1"):
        assert histories.letters_to(served.office.ledger, served.office.campaign, name) == []


def test_a_form_may_name_many_villages(served: Served, client: httpx.Client) -> None:
    """All reminders of a county are chosen beforehand: eight hundred boxes in one form."""
    enter(client)
    csrf = form_of(client.get("/").text, "csrf")
    data = {"csrf": csrf, "back": "/reminders", "to": [f"第{number}村" for number in range(800)]}
    assert client.post("/reminders", data=data).status_code == 303


def test_a_button_pressed_twice_decides_once(served: Served, client: httpx.Client) -> None:
    """One decision, one letter; what was said anew is a decision of its own."""
    enter(client)
    csrf = form_of(client.get("/").text, "csrf")
    data = {
        "csrf": csrf,
        "village": "石桥村",
        "deliverable": "plan",
        "what": "return",
        "send": "1",
        "why": "请补写日期",
    }
    letters = len(histories.letters_to(served.office.ledger, served.office.campaign, "石桥村"))
    for _ in range(2):
        assert client.post("/decide", data=data).status_code == 303
    assert len(acts.all_acts(served.office.ledger, served.office.campaign, village="石桥村")) == 1
    assert len(histories.letters_to(served.office.ledger, served.office.campaign, "石桥村")) == letters + 1
    for _ in range(2):
        client.post("/decide", data={**data, "what": "extend", "until": "2023-06-20", "why": "停电"})
    assert len(acts.all_acts(served.office.ledger, served.office.campaign, village="石桥村")) == 2
    client.post("/decide", data=data)  # what is decided already stands
    assert len(acts.all_acts(served.office.ledger, served.office.campaign, village="石桥村")) == 2
    client.post("/decide", data={**data, "what": "accept"})
    client.post("/decide", data=data)
    assert len(acts.all_acts(served.office.ledger, served.office.campaign, village="石桥村")) == 4
