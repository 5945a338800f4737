"""Where providers keep the files that a mail links to: 超大附件, 云附件, network drives.

Hosts and paths are compared exactly: a link that only looks like a provider's is none, and neither is a provider's
advertisement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_SHORTEST_KEY = 4  # of what follows the host: a share's key, not /cn


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider keeps files: hosts (a leading dot stands for any subdomain) and how the path begins."""

    provider: str
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    drive: bool = False  # people type these by hand, often without https://


_PLACES: tuple[Place, ...] = (
    Place("QQ邮箱超大附件", ("mail.qq.com", "mail.foxmail.com", ".mail.qq.com"), ("/cgi-bin/ftnexs_download",)),
    Place("QQ邮箱超大附件", ("wx.mail.qq.com", "iwx.mail.qq.com"), ("/ftn/download",)),
    Place("QQ邮箱超大附件", (".ftn.qq.com",), ("/",)),
    Place("腾讯企业邮箱超大附件", ("exmail.qq.com", ".exmail.qq.com"), ("/cgi-bin/ftnexs_download", "/ftn/download")),
    Place("网易邮箱超大附件", ("mail.163.com", "mail.126.com", "mail.yeah.net"), ("/large-attachment-download/",)),
    Place("网易邮箱大师云附件", ("dashi.163.com",), ("/html/cloud-attachment-download",)),
    Place("网易企业邮箱云附件", ("edisk.qiye.163.com",), ("/api/biz/attachment/download",)),
    Place("网易企业邮箱云附件", ("fs.qiye.163.com",), ("/",)),
    Place("189邮箱超大附件", ("download.cloud.189.cn",), ("/file/downloadfile.action",)),
    Place("新浪邮箱超大附件", ("mail.sina.com.cn",), ("/filecenter/download.php",)),
    Place("百度网盘", ("pan.baidu.com", "yun.baidu.com"), ("/s/", "/share/", "/e/", "/wap/"), drive=True),
    Place("腾讯微云", ("share.weiyun.com",), ("/",), drive=True),
    Place("金山文档", ("kdocs.cn", "www.kdocs.cn", "365.kdocs.cn"), ("/l/", "/p/", "/view/"), drive=True),
    Place("腾讯文档", ("docs.qq.com",), ("/",), drive=True),
    Place("企业微信文档", ("doc.weixin.qq.com",), ("/doc/", "/sheet/"), drive=True),
    Place("阿里云盘", ("www.aliyundrive.com", "aliyundrive.com", "www.alipan.com", "alipan.com"), ("/s/",), drive=True),
    Place("天翼云盘", ("cloud.189.cn",), ("/t/", "/web/share"), drive=True),
    Place("移动云盘", ("yun.139.com", "caiyun.139.com"), ("/",), drive=True),
    Place("夸克网盘", ("pan.quark.cn",), ("/s/",), drive=True),
    Place("迅雷云盘", ("pan.xunlei.com",), ("/s/",), drive=True),
    Place(
        "123云盘",
        ("www.123pan.com", "123pan.com", "www.123pan.cn", "www.123684.com", "www.123912.com"),
        ("/s/",),
        drive=True,
    ),
    Place("115网盘", ("115.com", "115cdn.com"), ("/s/",), drive=True),
    Place("UC网盘", ("drive.uc.cn", "fast.uc.cn"), ("/s/",), drive=True),
    Place("联通云盘", ("pan.wo.cn",), ("/s/",), drive=True),
    Place("城通网盘", ("url.ctfile.com", "ctfile.com", "www.ctfile.com"), ("/f/", "/d/"), drive=True),
    Place("飞书云文档", (".feishu.cn",), ("/file/", "/docx/", "/sheets/", "/drive/"), drive=True),
    Place("腾讯文件传输", ("file.weixin.qq.com", "szfilehelper.weixin.qq.com"), ("/",)),
    Place("WeTransfer", ("we.tl", "wetransfer.com", ".wetransfer.com"), ("/",), drive=True),
    Place("OneDrive", ("1drv.ms", "onedrive.live.com", ".sharepoint.com"), ("/",), drive=True),
    Place("Google 云端硬盘", ("drive.google.com", "docs.google.com"), ("/",), drive=True),
    Place("Dropbox", ("www.dropbox.com", "dropbox.com"), ("/s/", "/scl/", "/sh/"), drive=True),
    Place("iCloud", ("www.icloud.com", "www.icloud.com.cn", "share.icloud.com", "cvws.icloud-content.com"), ("/",)),
    Place("MEGA", ("mega.nz",), ("/file/", "/folder/"), drive=True),
    Place("石墨文档", ("shimo.im",), ("/docs/", "/sheets/", "/file/", "/folder/"), drive=True),
    Place("语雀", ("www.yuque.com",), ("/",), drive=True),
    Place("有道云笔记", ("note.youdao.com", "share.note.youdao.com"), ("/",), drive=True),
    Place("钉钉文档", ("alidocs.dingtalk.com", "qr.dingtalk.com", "space.dingtalk.com"), ("/",), drive=True),
    Place("阿里邮箱超大附件", (".mxhichina.com", "qiye.aliyun.com"), ("/alimail/", "/attachment/", "/netdisk/")),
    Place("搜狐邮箱超大附件", ("mail.sohu.com",), ("/fe/", "/bigfile/")),
    Place("小米云盘", ("i.mi.com",), ("/drive/", "/share/"), drive=True),
    Place("华为云空间", ("cloud.huawei.com", "yun.huawei.com"), ("/",), drive=True),
    Place("和彩云", ("caiyun.feixin.10086.cn", "yun.139.com"), ("/",), drive=True),
    Place("360云盘", ("yunpan.360.cn", "yunpan.cn"), ("/",), drive=True),
    Place("曲奇云盘", ("quqi.com", ".quqi.com"), ("/",), drive=True),
    Place("小飞机网盘", ("share.feijipan.com", "www.feijipan.com", "www.feijix.com"), ("/s/",), drive=True),
    Place("微信文件", ("file.wx.qq.com",), ("/",)),
    Place("坚果云", ("www.jianguoyun.com",), ("/p/",), drive=True),
    Place("奶牛快传", ("cowtransfer.com",), ("/s/",), drive=True),
    Place("文叔叔", ("www.wenshushu.cn", "wenshushu.cn"), ("/f/", "/k/", "/box/"), drive=True),
    Place(
        "蓝奏云",
        (
            ".lanzoui.com",
            ".lanzoux.com",
            ".lanzouw.com",
            ".lanzoub.com",
            ".lanzouo.com",
            ".lanzoup.com",
            ".lanzous.com",
            ".lanzou.com",
        ),
        ("/",),
        drive=True,
    ),
)
HOSTS: Final = tuple(sorted({host for place in _PLACES for host in place.hosts}))

# A place nobody here knows, that a line speaks of as one for files.
ANY_PROVIDER = "网盘链接"
_NO_FILES = re.compile(  # what mailers and offices put under a mail: programs, home pages
    r"(?:^|\.)(?:mail\.163\.com|mail\.qq\.com|foxmail\.com|apple\.com|dashi\.163\.com|u\.163\.com|app\.qq\.com|a\.app\.qq\.com|aka\.ms"
    r"|mp\.weixin\.qq\.com|gov\.cn|weibo\.com|outlook\.com|microsoft\.com|wps\.cn)$"
)


def match_place(url: str) -> Place | None:
    """The place that this url leads to; None where it leads elsewhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets or a port that are none
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or port not in {None, 80, 443}:
        return None
    host, path = (parts.hostname or "").lower(), parts.path.lower()
    for place in _PLACES:
        for known in place.hosts:
            at_home = host.endswith(known) if known.startswith(".") else host == known
            if at_home and any(path.startswith(begin) and (path + parts.query) != "/" for begin in place.paths):
                return place
    return None


def may_lead_to_a_file(url: str) -> bool:
    """Whether it could be a share at a place nobody here knows: not a home page, nor what mailers advertise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    return bool(host) and not _NO_FILES.search(host) and len(parts.path.strip("/") + parts.query) >= _SHORTEST_KEY
