"""Files that make ``baosong run`` start with the machine: a systemd unit, a task of the Windows Task Scheduler.

Changes nothing: what is written where is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath
from xml.sax.saxutils import escape

UNIT, TASK, ENVIRONMENT = "baosong.service", "baosong-task.xml", "baosong.env"
_TEMPLATE = Path(__file__).parent.parent.parent / "deploy" / UNIT  # one unit, with and without the wizard
_PASSWORDS = "/etc/baosong.passwords"
OWN_USER = "baosong"  # where root set it up


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """A file for the system, and the commands that hand it over."""

    name: str
    octets: bytes
    commands: tuple[str, ...]


def write_unit(*, program: Path, config: Path, user: str, has_environment: bool) -> ServiceFile:
    """The project's systemd unit, filled in: a service that may write nowhere but in the office's own folder."""
    folder = config.parent
    own = user == "root"  # the service shall not be root
    user = OWN_USER if own else user
    unit = _TEMPLATE.read_text("utf-8")
    unit = "".join(line for line in unit.splitlines(keepends=True) if not line.startswith(("#", "Documentation=")))
    environment = f"EnvironmentFile={_plain(folder / ENVIRONMENT)}\n" if has_environment else ""
    for written, meant in (
        (f"EnvironmentFile=-{_PASSWORDS}\n", environment),
        ("@COMMAND@ --config @FOLDER@/config.toml", f"{_quoted(program)} --config {_quoted(config)}"),
        ("ReadWritePaths=@FOLDER@", f"ReadWritePaths={_quoted(folder)}"),
        ("@FOLDER@", _plain(folder)),
        ("@USER@", user),
    ):
        unit = unit.replace(written, meant)
    unit = f"# 报送：开机自动运行 baosong run。由 baosong init 生成。\n{unit}"
    place = f"'{folder}/service/{UNIT}'"
    before = (
        (
            f"sudo useradd --system --user-group --no-create-home --shell /usr/sbin/nologin {OWN_USER}",
            f"sudo chown -R {OWN_USER}: '{folder}'",
        )
        if own
        else ()
    )
    commands = (
        *before,
        f"sudo cp {place} /etc/systemd/system/{UNIT}",
        "sudo systemctl daemon-reload",
        "sudo systemctl enable --now baosong",
        "systemctl status baosong          # 看是否在运行",
        "journalctl -u baosong -n 50       # 看运行记录",
    )
    return ServiceFile(UNIT, unit.encode(), commands)


def _plain(path: PurePath) -> str:
    """A path as a whole setting: % begins a specifier (systemd.unit(5))."""
    return str(path).replace("%", "%%")


def _quoted(path: PurePath) -> str:
    """A path as one word of several."""
    plain = _plain(path).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{plain}"'


def write_task(*, program: PurePath, config: PurePath) -> ServiceFile:
    """A task that starts when its user logs on, and is started again each ten minutes where it has ended.

    With the user's own token, so that the password in the user's credential store can be read; no more rights than he.
    """
    arguments = escape(f'--config "{config}" run')
    task = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>报送：定时收取各村邮件，核对、登记、答复、提醒、出日报</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Repetition>
        <Interval>PT10M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <Enabled>true</Enabled>
      <Delay>PT1M</Delay>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <Hidden>true</Hidden>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(f'"{program}"')}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{escape(str(config.parent))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
    folder = config.parent if isinstance(config, PureWindowsPath) else PureWindowsPath(config.parent)
    commands = (
        f'schtasks /Create /TN baosong /XML "{folder / "service" / TASK}" /F',
        "schtasks /Run /TN baosong",
        "schtasks /Query /TN baosong /V /FO LIST",
    )
    return ServiceFile(TASK, b"\xff\xfe" + task.replace("\n", "\r\n").encode("utf-16-le"), commands)
