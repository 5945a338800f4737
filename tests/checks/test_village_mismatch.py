"""The check `village-mismatch`."""

from tests.checks.facts import cloud_link, filing, find, mail

FAULTY = mail(filing("李家村"), senders=("孙家村",))


def test_another_villages_paper_from_a_registered_address() -> None:
    """One finding for each such village, which names both."""
    found = find("village-mismatch", mail(filing("李家村"), filing("李家村", "表.docx"), filing("赵家村")))
    assert [finding.village for finding in found] == ["李家村", "赵家村"]
    assert "李家村" in found[0].message
    assert "孙家村" in found[0].message


def test_a_link_counts_as_a_file() -> None:
    """A link belongs to a village as a file does."""
    assert find("village-mismatch", mail(links=(cloud_link("李家村"),)))


def test_the_senders_own_villages_agree() -> None:
    """An address may be registered for several villages; one that is registered for none disagrees with nobody."""
    assert not find("village-mismatch", mail(filing("孙家村")))
    assert not find("village-mismatch", mail(filing("李家村"), senders=("孙家村", "李家村")))
    assert not find("village-mismatch", mail(filing("李家村"), senders=()))
    assert not find("village-mismatch", mail(filing(None)))


def test_a_mail_that_says_so_may_carry_several_villages() -> None:
    """A mail that names the other village alone does not say so: its address still disagrees."""
    assert not find("village-mismatch", mail(filing("李家村"), filing("孙家村"), named=("孙家村", "李家村")))
    assert find("village-mismatch", mail(filing("李家村"), named=("李家村",)))
    assert find("village-mismatch", mail(filing("赵家村"), named=("孙家村", "李家村")))
