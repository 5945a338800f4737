"""Why a file's content cannot be had: shared by the checks that tell of it and by those that then keep silent."""

from pipeline.model.campaign import Kind
from pipeline.model.content import Unreadable, Video
from pipeline.model.facts import File
from pipeline.model.files import Problem

# What the sender can mend. A format that only our readers lack (UNSUPPORTED) is no fault of his.
_OF_THE_SENDER = frozenset({Problem.EMPTY, Problem.ENCRYPTED, Problem.DAMAGED, Problem.PARTIAL, Problem.HOSTILE})


def problem_of(file: File) -> Problem | None:
    """What is wrong with the file as such, of its container or of its content; None where it can be read."""
    attachment, content = file.filing.attachment, file.filing.content
    if attachment.problem is not None:
        return attachment.problem
    if attachment.blob.size == 0:
        return Problem.EMPTY
    return content.problem if isinstance(content, Unreadable) else None


def is_faulty(file: File) -> bool:
    """Whether the sender must send the file again, whatever else could be said of it."""
    return problem_of(file) in _OF_THE_SENDER


def is_broken_video(file: File) -> bool:
    """A video that does not play. An archive that cannot be opened is none, though it may stand for videos."""
    if isinstance(file.filing.content, Video):
        return not file.filing.content.whole
    is_video = file.deliverable is not None and file.deliverable.kind is Kind.VIDEOS
    return is_video and file.filing.attachment.problem is None and problem_of(file) is Problem.DAMAGED
