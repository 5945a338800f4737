"""The coordinator's own words on what is returned, put into the outbox in the thread of the village's mail."""

from __future__ import annotations

from pipeline.ledger import addresses, again, histories, letters
from pipeline.letter.mail import is_sendable
from pipeline.letter.notice import write_notice
from pipeline.letter.reminder import choose_address
from pipeline.model.message import Address
from pipeline.office import Office, render_letter
from pipeline.opening import read_message


def tell_return(office: Office, village: str, deliverable: str, words: str, *, who: str, act: int) -> str:
    """Write to who sent what is in force, else to the village's own address; what to tell of it."""
    to, thread = _find_sender(office, village, deliverable)
    if to is None:
        return "没有能收信的邮箱，信没有写，请电话告知。"
    letter = write_notice(
        office.campaign,
        village=village,
        title=office.campaign.deliverable(deliverable).title,
        words=words,
        who=who,
        to=to,
        number=act,
        domain=office.domain,
        now=office.now(),
        thread=thread,
    )
    letters.enqueue(office.ledger, render_letter(office, letter, office.now()), office.now())
    return f"信已写好，下次收发时寄给 {to.address}。"


def _find_sender(office: Office, village: str, deliverable: str) -> tuple[Address | None, tuple[str, ...]]:
    """Whom to write to, and the thread of his mail."""
    dead = addresses.dead_addresses(office.ledger)
    versions = histories.versions(office.ledger, office.campaign, village)
    version = next((each for each in versions if each.deliverable == deliverable and each.in_force), None)
    if version is not None and version.sender.address not in dead and is_sendable(version.sender.address):
        found = again.find_message(office.ledger, version.message)
        if found is None:
            return version.sender, ()
        message = read_message(office, *found)
        return version.sender, (*message.references, *((message.message_id,) if message.message_id else ()))
    writers = addresses.last_writers(office.ledger, office.campaign)
    address = choose_address(office.register[village], dead, writers.get(village))
    return (Address("", address) if address else None), ()
