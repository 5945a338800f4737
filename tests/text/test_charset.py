"""Octets to text."""

import pytest

from pipeline.text.charset import decode_octets


@pytest.mark.parametrize(
    ("octets", "declared", "text"),
    [
        pytest.param("王喆、李堃镕".encode("gb18030"), "gb2312", "王喆、李堃镕", id="gb2312 的标签，GBK 的字"),
        pytest.param("𠮷庄村".encode("gb18030"), "gbk", "𠮷庄村", id="四字节"),
        pytest.param("孙庄村写实表".encode("gbk"), "iso-8859-1", "孙庄村写实表", id="标成 ISO-8859-1 的 GBK"),
        pytest.param("孙庄村写实表".encode(), "gb2312", "孙庄村写实表", id="标成 gb2312 的 UTF-8"),
        pytest.param("孙庄村写实表".encode("gbk"), "", "孙庄村写实表", id="没有标签的 GBK"),
        pytest.param("孙庄村写实表".encode("gbk"), "utf-8", "孙庄村写实表", id="标成 UTF-8 的 GBK"),
        pytest.param("一".encode("gbk"), "", "一", id="一个字，也是合法的 UTF-8"),
        pytest.param("café Müller".encode("latin-1"), "iso-8859-1", "café Müller", id="真的 ISO-8859-1"),
        pytest.param("孙庄村".encode("utf-16"), "", "孙庄村", id="UTF-16 有 BOM"),
        pytest.param("孫莊村".encode("big5"), "big5", "孫莊村", id="Big5"),
        pytest.param(b"a\0b", "x-nonsense", "ab", id="没有的字符集和控制字符"),
        pytest.param(b"x" * 9, "punycode", "x" * 9, id="不是邮件字符集的编码"),
    ],
)
def test_text_is_read_whatever_its_label_says(octets: bytes, declared: str, text: str) -> None:
    """What decodes strictly and reads like Chinese wins over the declared charset."""
    assert decode_octets(octets, declared) == text


def test_a_cut_character_costs_itself_alone() -> None:
    """UTF-8 that ends within a character keeps all before it."""
    assert decode_octets("孙庄村写实表".encode()[:-1], "utf-8").startswith("孙庄村写实")
