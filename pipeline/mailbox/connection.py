"""What all servers have in common: TLS that is always verified, and what a broken connection means to whom."""

from __future__ import annotations

import ipaddress
import socket
import ssl

from pipeline.errors import AccessError, TransientError


def tls_context() -> ssl.SSLContext:
    """Verifies certificate and name against the system's authorities, or those of ``SSL_CERT_FILE``."""
    return ssl.create_default_context()


def is_loopback(host: str) -> bool:
    """Whether octets to this host never leave the machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connection_error(host: str, port: int, error: OSError) -> AccessError | TransientError:
    """The failure of a connection in the operator's words: most pass by themselves, a bad certificate does not."""
    place = f"邮件服务器 {host}:{port}"
    again = "稍后自动再试；若一直如此，请核对服务器名、端口和网络"
    match error:
        case ssl.SSLCertVerificationError():
            return AccessError(
                f"{place} 的安全证书验证不通过（{error.verify_message}），为防密码泄露已停止：请检查服务器名是否写对、"
                "电脑日期是否正确；单位自建证书的，请把证书文件路径设为环境变量 SSL_CERT_FILE"
            )
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            why = "中断了连接"
        case ssl.SSLError():
            return AccessError(f"与{place} 建立不了加密连接（{error.reason}）：请核对端口和网址开头，如 imaps 用 993")
        case TimeoutError():
            why = "长时间没有回应"
        case ConnectionRefusedError():
            why = "拒绝连接"
        case socket.gaierror():
            why = "找不到"
        case _:
            why = f"连接中断（{error.strerror or error}）"
    return TransientError(f"{place} {why}，{again}")
