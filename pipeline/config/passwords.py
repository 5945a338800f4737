"""Where passwords come from: the environment first, else the system's keyring. Never from a file of ours.

Where one process works for many offices, a login's own variable (:func:`variable_of`) wins over the general one.
"""

from __future__ import annotations

import os
import re

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.config import MailboxConfig, OutgoingConfig
from pipeline.config.providers import Provider
from pipeline.errors import AccessError

SERVICE = "baosong"  # the name of our entries in the keyring; their user is the login


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BAOSONG_", env_ignore_empty=True)

    mailbox_password: SecretStr | None = None
    outgoing_password: SecretStr | None = None


def mailbox_password(config: MailboxConfig) -> str | None:
    """The password of the mailbox; None where neither place knows one. AccessError where the keyring is locked.

    The general variable is that of the office's own mailbox: no other server is told it.
    """
    general = _Environment().mailbox_password if config.first else None
    return _password(general, config.url.user, config.provider)


def mailbox_variable(config: MailboxConfig) -> str:
    """The environment variable in which the password of this mailbox is looked for."""
    return "BAOSONG_MAILBOX_PASSWORD" if config.first else variable_of(config.url.user)


def outgoing_password(config: OutgoingConfig) -> str | None:
    """The password of the way out; the keyring's is that of the same login."""
    return _password(_Environment().outgoing_password, config.url.user, config.provider)


def channel_address(name: str) -> str | None:
    """The address of a channel of notices, which whoever knows it can write to; None where neither place knows one."""
    return os.environ.get(f"BAOSONG_NOTICES_{name.upper()}", "").strip() or _kept_password(f"notices:{name}")


def keep_password(user: str, password: str) -> bool:
    """Put a password into the system's keyring; False where the system has none."""
    import keyring.errors  # noqa: PLC0415 (as below)

    try:
        keyring.set_password(SERVICE, user, password)
    except keyring.errors.NoKeyringError:
        return False
    except keyring.errors.KeyringError as error:
        raise AccessError("密码存不进系统密码库：请先解锁密码库再试") from error
    return True


def variable_of(user: str) -> str:
    """The environment variable of a login's own password: of office@163.com ``BAOSONG_PASSWORD_OFFICE_163_COM``."""
    return "BAOSONG_PASSWORD_" + re.sub(r"[^A-Z0-9]", "_", user.upper())


def _password(secret: SecretStr | None, user: str, provider: Provider | None) -> str | None:
    own = os.environ.get(variable_of(user), "").strip() if user else ""
    password = own or (secret.get_secret_value().strip() if secret else _kept_password(user))
    if password and provider and not provider.code_spaces:
        password = "".join(password.split())
    return password


def _kept_password(user: str) -> str | None:
    if not user:
        return None
    import keyring.errors  # noqa: PLC0415 (8 MB, and where the environment has the password nobody needs it)

    try:
        return keyring.get_password(SERVICE, user)
    except keyring.errors.NoKeyringError:
        return None
    except keyring.errors.KeyringError as error:
        raise AccessError("系统密码库打不开：请先解锁，或改设环境变量（如 BAOSONG_MAILBOX_PASSWORD）") from error
