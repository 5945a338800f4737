"""config.toml: what is meant, and what is refused with file, line, key and remedy."""

from datetime import date, time
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from pipeline.config import Config
from pipeline.config.loading import load_config
from pipeline.config.passwords import keep_password, mailbox_password, outgoing_password
from pipeline.config.urls import parse_address
from pipeline.errors import ConfigError
from pipeline.model.message import Address

WHOLE = """\
campaign = "rules/2023-529.toml"
villages = "rules/villages.csv"
database = "sqlite:///baosong.db"
cache    = "inbox_cache"

[mailbox]
url = "imaps://office%40163.com@imap.163.com/INBOX"
[outgoing]
url = "smtps://office%40163.com@smtp.163.com"
from = "青禾街道计生协办公室 <Office@163.com>"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that a configuration names."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "2023-529.toml").touch()
    (tmp_path / "rules" / "villages.csv").touch()
    return tmp_path


def _load(folder: Path, text: str) -> Config:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load_config(folder / "config.toml")


def _with(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_the_contracts_own_example(folder: Path) -> None:
    """Every key of the contract; paths are relative to the file, wherever the program is started."""
    config = _load(folder, WHOLE)
    assert config.campaign == folder / "rules/2023-529.toml"
    assert config.villages == folder / "rules/villages.csv"
    assert config.database == f"sqlite:///{folder}/baosong.db"
    assert config.cache == folder / "inbox_cache"
    url = config.mailbox.url
    assert (url.scheme, url.host, url.port, url.user) == ("imaps", "imap.163.com", 993, "office@163.com")
    assert config.mailbox.folders == ()
    assert config.mailbox.provider is not None
    assert config.mailbox.provider.needs_id
    assert config.outgoing.url.text == "smtps://office%40163.com@smtp.163.com"
    assert config.outgoing.sender == Address("青禾街道计生协办公室", "office@163.com")
    assert config.outgoing.mails_per_connection == 5
    assert config.outgoing.most_per_hour == 200
    assert (config.schedule.poll_minutes, config.schedule.report_at) == (10, time(17, 30))
    assert (config.report.folder, config.report.to) == (folder / "reports", ())


def test_an_address_is_enough(folder: Path) -> None:
    """Where the provider is known, servers, ports and sender follow from the address; database and cache are there."""
    head = 'campaign = "rules/2023-529.toml"\nvillages = "rules/villages.csv"\n'
    config = _load(folder, head + '[mailbox]\naddress = "Office@126.com"\n')
    assert config.mailbox.url.text == "imaps://office%40126.com@imap.126.com"
    assert config.outgoing.url.text == "smtps://office%40126.com@smtp.126.com"
    assert config.outgoing.sender == Address("", "office@126.com")
    named = _load(folder, head + '[mailbox]\naddress = "1@qq.com"\n[outgoing]\nfrom = "青禾街道办公室"\n')
    assert named.outgoing.sender == Address("青禾街道办公室", "1@qq.com")


def test_local_folders_and_all_options(folder: Path) -> None:
    """eml and maildir, PostgreSQL, and every optional key; a byte order mark does no harm."""
    config = _load(
        folder,
        "\ufeff"
        + """\
campaign = "rules/2023-529.toml"
villages = "rules/villages.csv"
database = "postgresql+psycopg://u@db/baosong"
[mailbox]
url = "eml:mail"
folders = ["INBOX", "广告邮件"]
timeout = 30
since = 2023-04-01
[outgoing]
url = "maildir:out"
from = "office@town.test"
[schedule]
poll_minutes = 5
report_at = "8:05"
watch = true
[report]
to = ["王主任 <wang@town.test>", "li@town.test"]
folder = "日报"
""",
    )
    assert (config.mailbox.url.path, config.mailbox.url.text) == (folder / "mail", f"eml:{folder}/mail")
    assert config.mailbox.folders == ("INBOX", "广告邮件")
    assert (config.mailbox.timeout, config.mailbox.since) == (30.0, date(2023, 4, 1))
    assert config.outgoing.url.path == folder / "out"
    assert (config.outgoing.seconds_between_mails, config.outgoing.provider) == (0.0, None)
    assert config.database == "postgresql+psycopg://u@db/baosong"
    assert (config.schedule.poll_minutes, config.schedule.report_at, config.schedule.watch) == (5, time(8, 5), True)
    assert config.report.to == (Address("王主任", "wang@town.test"), Address("", "li@town.test"))


def test_a_folder_in_the_url_is_meant_alone(folder: Path) -> None:
    """INBOX is where an account begins; another folder in the url stands for itself."""
    config = _load(folder, _with("/INBOX", "/%E5%90%84%E6%9D%91"))
    assert config.mailbox.folders == ("各村",)


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        pytest.param(_with("cache ", "cahce "), 4, "cahce", "cache", id="键名写错"),
        pytest.param(_with("[outgoing]", "[outgoin]"), 8, "outgoin", "outgoing", id="节名写错"),
        pytest.param(_with("from =", "form ="), 10, "outgoing.form", "from", id="节内键名写错"),
        pytest.param(_with('campaign = "rules/2023-529.toml"', ""), None, "campaign", "缺少", id="缺键"),
        pytest.param(_with("2023-529", "2023"), 1, "campaign", "找不到", id="缺文件"),
        pytest.param(_with("villages.csv", ""), 2, "villages", "找不到", id="是目录"),
        pytest.param(_with('"inbox_cache"', "5"), 4, "cache", "文字", id="类型"),
        pytest.param(_with('"inbox_cache"', '"s3://"'), 4, "cache", "s3://桶名", id="s3没有桶名"),
        pytest.param(_with('"inbox_cache"', '"ftp://h/x"'), 4, "cache", "s3://桶名", id="ftp"),
        pytest.param(_with('"inbox_cache"', '"config.toml"'), 4, "cache", "目录", id="缓存是文件"),
        pytest.param(_with("sqlite:///", "sqlite:"), 3, "database", "sqlite:///", id="数据库"),
        pytest.param(_with("sqlite:///baosong.db", "mysql://x/y"), 3, "database", "postgresql", id="别的数据库"),
        pytest.param(_with("sqlite:///baosong.db", "sqlite:///:memory:"), 3, "database", "sqlite:///", id="内存"),
        pytest.param(_with("imaps:", "imapss:"), 7, "mailbox.url", "imaps:", id="协议"),
        pytest.param(_with("imaps:", "smtps:"), 7, "mailbox.url", "imaps:", id="协议用错处"),
        pytest.param(_with("smtps:", "imaps:"), 9, "outgoing.url", "smtps:", id="发信协议"),
        pytest.param(_with("163.com@imap", "163.com:abc@imap"), 7, "mailbox.url", "MAILBOX_PASSWORD", id="密码"),
        pytest.param(_with("163.com@smtp", "163.com:@smtp"), 9, "outgoing.url", "OUTGOING_PASSWORD", id="空密码"),
        pytest.param(_with("office%40163.com@imap", "imap"), 7, "mailbox.url", "账号", id="缺账号"),
        pytest.param(_with("imap.163.com", "imap.qq.com"), 7, "mailbox.url", "imap.163.com", id="走错服务器"),
        pytest.param(_with("imap.163.com/", "imap.163.com:x/"), 7, "mailbox.url", "端口", id="端口"),
        pytest.param(_with("@imap.163.com/INBOX", "@/INBOX"), 7, "mailbox.url", "服务器", id="缺主机"),
        pytest.param(_with('"smtps', '"maildir:"\nurl2 = "smtps'), 10, "outgoing.url2", "url", id="多余的键"),
        pytest.param(_with("<Office@163.com>", "<Office>"), 10, "outgoing.from", "邮箱地址", id="发件地址"),
        pytest.param(_with("办公室 <", r"\n办公室 <"), 10, "outgoing.from", "换行", id="换行"),
        pytest.param(_with("[outgoing]", 'address = "a@163.com"\n[outgoing]'), 7, "mailbox.url", "其中一个", id="两者"),
        pytest.param(WHOLE + "[schedule]\npoll_minutes = 0\n", 12, "schedule.poll_minutes", "小", id="太小"),
        pytest.param(WHOLE + '[schedule]\nreport_at = "25:00"\n', 12, "schedule.report_at", "17:30", id="时刻"),
        pytest.param(WHOLE + "[schedule]\nreport_at = 17:30:00\n", 12, "schedule.report_at", "引号", id="时刻不加引号"),
        pytest.param(WHOLE + '[report]\nto = ["x"]\n', 12, "report.to", "邮箱地址", id="收件人"),
        pytest.param(_with('"inbox_cache"', '"inbox_cache'), 4, "", "引号", id="缺引号"),
    ],
)
def test_refusals(folder: Path, text: str, line: int | None, key: str, says: str) -> None:
    """One line, with the file, the line, the key and what to do."""
    with pytest.raises(ConfigError) as caught:
        _load(folder, text)
    assert (caught.value.line, caught.value.key) == (line, key)
    assert says in str(caught.value)
    assert "config.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_provider_needs_a_url(folder: Path) -> None:
    """An address alone is refused where nobody knows its servers."""
    text = _with('url = "imaps://office%40163.com@imap.163.com/INBOX"', 'address = "office@qinghe.gov.cn"')
    with pytest.raises(ConfigError, match=r"qinghe\.gov\.cn") as caught:
        _load(folder, text)
    assert caught.value.key == "mailbox.address"


def test_absent_or_foreign_file(folder: Path) -> None:
    """A file that is not there, or not UTF-8, is told in one line."""
    with pytest.raises(ConfigError, match="找不到"):
        load_config(folder / "config.toml")
    (folder / "config.toml").write_bytes("campaign = '青禾'".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(folder / "config.toml")


@pytest.mark.parametrize("written", ["", "办公室", "a@b@c", "a b@c", "a@b>", "x <a@b> y", "a@b\r\nBcc: c@d", "a@b,c@d"])
def test_no_address(written: str) -> None:
    """What is not exactly one address is refused: it would end in a header field."""
    with pytest.raises(ValueError, match=r"[地符]"):
        parse_address(written)


class _Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is typed in part
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_passwords_from_environment_then_keyring(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins; an empty variable counts for none; the keyring knows the login under `baosong`."""
    before = keyring.get_keyring()
    keyring.set_keyring(_Drawer())
    try:
        config = _load(folder, WHOLE)
        for name in ("BAOSONG_MAILBOX_PASSWORD", "BAOSONG_OUTGOING_PASSWORD"):
            monkeypatch.delenv(name, raising=False)
        assert mailbox_password(config.mailbox) is None
        assert keep_password("office@163.com", "kept")
        assert keyring.get_password("baosong", "office@163.com") == "kept"
        monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "")
        assert mailbox_password(config.mailbox) == "kept"
        monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "told")
        assert (mailbox_password(config.mailbox), outgoing_password(config.outgoing)) == ("told", "kept")
        monkeypatch.setenv("BAOSONG_PASSWORD_OFFICE_163_COM", "its own")  # one of many offices
        assert (mailbox_password(config.mailbox), outgoing_password(config.outgoing)) == ("its own", "its own")
    finally:
        keyring.set_keyring(before)


def test_blanks_in_a_code_that_is_shown_in_groups(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QQ Mail shows its code in groups of four; elsewhere a blank belongs to the password."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "abcd efgh ijkl mnop")
    config = _load(folder, _with("office%40163.com@imap.163.com", "1%40qq.com@imap.qq.com"))
    assert mailbox_password(config.mailbox) == "abcdefghijklmnop"
    assert mailbox_password(_load(folder, WHOLE).mailbox) == "abcd efgh ijkl mnop"


_SECOND = '[[mailboxes]]\naddress = "office@qq.com"\nfolders = ["INBOX", "报送"]\n'


def test_further_mailboxes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own server, folders and password; the general variable is the first one's alone."""
    monkeypatch.setenv("BAOSONG_MAILBOX_PASSWORD", "first")
    monkeypatch.setenv("BAOSONG_PASSWORD_OFFICE_QQ_COM", "second")
    config = _load(folder, WHOLE + _SECOND + '[[mailboxes]]\nurl = "imap://c%40d.cn@mail.d.cn"\n')
    assert [each.url.host for each in config.mailboxes] == ["imap.163.com", "imap.qq.com", "mail.d.cn"]
    assert config.mailboxes[1].folders == ("INBOX", "报送")
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    assert [mailbox_password(each) for each in config.mailboxes] == ["first", "second", None]
    assert config.outgoing.url.host == "smtp.163.com"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (_SECOND + _SECOND, "第2个邮箱 office@qq.com 重复"),
        ('[[mailboxes]]\nurl = "imaps://office%40163.com@imap.163.com"\n', "第1个邮箱 office@163.com 重复"),
        ('[[mailboxes]]\nurl = "imaps://office%40qq.com@imap.163.com"\n', "第1个：office@qq.com 的服务器不是"),
        ("[[mailboxes]]\nfolders = []\n", "第1个：缺少邮箱"),
    ],
)
def test_a_further_mailbox_that_is_wrong(folder: Path, more: str, said: str) -> None:
    """Which one, and what is wrong with it."""
    with pytest.raises(ConfigError, match=said):
        _load(folder, WHOLE + more)
