"""The check `sender-unregistered`."""

from tests.checks.facts import filing, find, mail

FAULTY = mail(filing("孙家村"), senders=())


def test_a_known_village_from_an_unknown_address() -> None:
    """The coordinator reads both, to add the address to the register."""
    (finding,) = find("sender-unregistered", mail(filing("李家村"), village=None, senders=()))
    assert "李家村" in finding.message
    assert "sunjia@example.com" in finding.message


def test_a_registered_address_is_no_finding() -> None:
    """Also where it is another village's: that is village-mismatch."""
    assert not find("sender-unregistered", mail(filing("李家村"), senders=("孙家村",)))


def test_an_unknown_village_is_told_otherwise() -> None:
    """There is nobody to register the address for."""
    assert not find("sender-unregistered", mail(filing(None), village=None, senders=()))
