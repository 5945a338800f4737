"""The check `village-unknown`."""

from tests.checks.facts import cloud_link, filing, find, mail

FAULTY = mail(filing(None, "活动方案.docx"), village=None, senders=())


def test_files_of_nobody_are_told_once_with_their_names() -> None:
    """One finding a mail, however many files."""
    (finding,) = find("village-unknown", mail(filing(None, "a.docx"), filing(None, "b.docx"), village=None))
    assert "“a.docx”、“b.docx”" in finding.message


def test_a_link_of_nobody_counts_as_a_file() -> None:
    """A mail may bring only a link."""
    assert find("village-unknown", mail(links=(cloud_link(None),), village=None))


def test_a_known_village_is_no_finding() -> None:
    """Nor is a mail without files: it is not answered at all."""
    assert not find("village-unknown", mail(filing("孙家村")))
    assert not find("village-unknown", mail(village=None))


def test_one_lost_file_beside_known_ones() -> None:
    """A due file without a village must be told; one that nobody asked for needs no village."""
    known = filing("孙家村")
    assert find("village-unknown", mail(known, filing(None, "写实表.docx", "progress")))
    assert not find("village-unknown", mail(known, filing(None, "歌.mp3", None)))
