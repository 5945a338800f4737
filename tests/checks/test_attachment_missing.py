"""The check `attachment-missing`."""

from tests.checks.facts import cloud_link, filing, find, mail

FAULTY = mail(speaks=True)


def test_a_mail_that_promises_a_file_and_has_none() -> None:
    """The village is known by its text, its address, or both."""
    assert find("attachment-missing", mail(speaks=True))
    assert find("attachment-missing", mail(speaks=True, village=None, senders=("孙家村",)))


def test_a_file_or_a_link_is_what_was_promised() -> None:
    """A link stands in place of the file."""
    assert not find("attachment-missing", mail(filing(), speaks=True))
    assert not find("attachment-missing", mail(links=(cloud_link(),), speaks=True))


def test_a_mail_that_promises_nothing() -> None:
    """A question has no attachment."""
    assert not find("attachment-missing", mail(speaks=False))


def test_a_strangers_promise_is_nobodys_forgotten_file() -> None:
    """Advertisements speak of attachments too."""
    assert not find("attachment-missing", mail(speaks=True, village=None, senders=()))
