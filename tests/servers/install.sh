#!/bin/sh
# What the tests and benchmarks run against: Debian's servers, the browser with Chinese fonts, LibreOffice, mbsync. Installs them where it may, else says in one line what is missing.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
missing=""
command -v dovecot >/dev/null || missing="$missing dovecot-core dovecot-imapd"
[ -e /usr/lib/dovecot/pop3 ] || missing="$missing dovecot-pop3d"
[ -e /usr/lib/dovecot/lmtp ] || missing="$missing dovecot-lmtpd"
command -v postfix >/dev/null || missing="$missing postfix"
command -v clamd >/dev/null || missing="$missing clamav-daemon"
command -v openssl >/dev/null || missing="$missing openssl"
command -v chromium >/dev/null || missing="$missing chromium"
command -v mbsync >/dev/null || missing="$missing isync"
[ -e /usr/lib/libreoffice/program/libswlo.so ] || missing="$missing libreoffice-writer-nogui"
[ -e /usr/lib/libreoffice/program/libsclo.so ] || missing="$missing libreoffice-calc-nogui"
ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
# Object storage: only root can start it, others test against moto.
if [ "$(id -u)" -eq 0 ]; then
    for each in radosgw ceph-mon ceph-osd ceph-mgr; do
        command -v "$each" >/dev/null || missing="$missing $each"
    done
fi
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need these Debian packages:$missing (sudo apt-get install$missing)" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086
apt-get -qq install --yes --no-install-recommends $missing </dev/null >/dev/null
