"""Turn the text of a policy file into a policy, or say everything that is wrong with it."""

import unicodedata
from functools import lru_cache

from amana.policy import check
from amana.policy.document import Policy
from amana.policy.nodes import Reader
from amana.policy.problems import PolicyInvalid, Problem


def canonical(raw: bytes, *, file: str) -> str:
    """Return the one spelling of a file's text that is hashed: UTF-8, NFC, LF, one newline at the end.

    Raises PolicyInvalid when the bytes are not UTF-8.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PolicyInvalid(
            [Problem(file, line, "—", "الملف ليس بترميز UTF-8.", "The file is not UTF-8.")]
        ) from error
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return lines.rstrip("\n") + "\n"


def parse(text: str, *, file: str = "policy.yaml") -> Policy:
    """Read and check a policy. Raises PolicyInvalid with every fault."""
    reader = Reader(file)
    policy = reader.read(text)
    check.check(policy, reader)
    if reader.problems:
        raise PolicyInvalid(reader.problems)
    return policy


@lru_cache(maxsize=16)
def parse_published(text: str) -> Policy:
    """Read a published policy; the same text is read once."""
    return parse(text, file="published policy")
