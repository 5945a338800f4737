"""The check `sender-unverified`."""

import pytest

from pipeline.model.message import Authentication
from tests.checks.facts import filing, find, mail

FAULTY = mail(filing(), authentication=Authentication(spf="fail", dkim="none", dmarc="fail"))


@pytest.mark.parametrize("which", ["spf", "dkim", "dmarc"])
def test_each_method_can_fail(which: str) -> None:
    """One failed method is enough."""
    (finding,) = find("sender-unverified", mail(authentication=Authentication(**{which: "fail"})))
    assert which.upper() in finding.message


@pytest.mark.parametrize("result", ["", "pass", "none", "neutral", "softfail", "temperror", "permerror", "policy"])
def test_all_else_is_no_failure(result: str) -> None:
    """Forwarding and careless domains cause these; they say nothing against the sender (RFC 8601 section 2.7)."""
    assert not find("sender-unverified", mail(authentication=Authentication(result, result, result)))


def test_several_failures_are_one_finding() -> None:
    """Told together."""
    (finding,) = find("sender-unverified", mail(authentication=Authentication("fail", "FAIL", "pass")))
    assert "SPF、DKIM" in finding.message
