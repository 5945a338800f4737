"""The check `photo-reused`."""

from pipeline.check import Setting, all_checks, run_check
from pipeline.model.facts import Pictures, Seen
from tests.checks.facts import find, picture

ELSEWHERE = Seen("李家村", "photos", "2023-529", exact=True)
FAULTY = Pictures(((picture("a", "1.jpg"), (ELSEWHERE,)),))


def test_a_picture_met_elsewhere() -> None:
    """It is named by its place and its file; the other villages once each."""
    met = Pictures(((picture("a"), ()), (picture("b", "2.jpg"), (ELSEWHERE, ELSEWHERE))))
    (finding,) = find("photo-reused", met)
    assert (finding.where, finding.attachment) == ("第2张", "2.jpg")
    assert finding.message.count("李家村") == 1
    assert "完全相同" in finding.message


def test_a_picture_within_a_document_keeps_the_documents_name() -> None:
    """Its own is one that the sender never saw."""
    met = Pictures(((picture("a", "image1.jpeg"), (ELSEWHERE,)),))
    check = all_checks()["photo-reused"].check
    (finding,) = run_check(
        "photo-reused", check, met, Setting(), village="孙家村", deliverable="progress", attachment="写实表.docx"
    )
    assert (finding.attachment, finding.where) == ("写实表.docx", "第1张")


def test_a_picture_only_alike() -> None:
    """The coordinator reads how sure we are."""
    alike = Seen("赵家村", "photos", "2022-529", exact=False)
    (finding,) = find("photo-reused", Pictures(((picture("a"), (alike,)),)))
    assert "基本相同" in finding.message


def test_a_picture_met_nowhere_else() -> None:
    """Nothing to tell."""
    assert not find("photo-reused", Pictures(((picture("a"), ()),)))
    assert not find("photo-reused", Pictures(()))
