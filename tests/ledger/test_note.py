"""Signed notes, checkpoints and cosignatures, by the words and examples of C2SP."""

import stat
from pathlib import Path

import pytest

from amana.ledger import note
from amana.ledger.note import Checkpoint, NoteError, Signer, VerifierKey

# The examples printed in C2SP tlog-checkpoint and tlog-cosignature.
PUBLISHED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
ROOT = bytes(range(32))
LOG = Signer("amana.example/ledger", bytes(32))
WITNESS = Signer("witness.example/w", bytes([1]) * 32)
WITNESS_KEY = VerifierKey("witness.example/w", WITNESS.key.public, note.COSIGNATURE)


def test_the_published_example_is_read_and_written_alike() -> None:
    parsed = note.Note.parse(PUBLISHED)
    checkpoint = Checkpoint.parse(parsed.text)
    assert str(parsed) == PUBLISHED
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert [len(signature.signed) for signature in parsed.signatures] == [64, 72]
    assert int.from_bytes(parsed.signatures[1].signed[:8], "big") == 1679315147


def test_the_key_of_the_go_checksum_database_is_read_and_written_alike() -> None:
    vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert str(VerifierKey.parse(vkey)) == vkey


def test_a_checkpoint_keeps_its_journal_line() -> None:
    signed = LOG.checkpoint(5, ROOT, [note.journal_line((12, ROOT))])
    checkpoint = note.verify_checkpoint(signed, LOG.key)
    assert checkpoint == Checkpoint(LOG.key.name, 5, ROOT, (f"journal 12 {ROOT.hex()}",))
    assert checkpoint.journal == (12, ROOT)
    assert note.verify_checkpoint(LOG.checkpoint(5, ROOT), LOG.key).journal is None


def test_a_pinned_key_is_read_from_its_vkey() -> None:
    assert VerifierKey.parse(str(LOG.key)) == LOG.key
    assert VerifierKey.parse(str(WITNESS_KEY)) == WITNESS_KEY


@pytest.mark.parametrize(
    "vkey",
    [
        "", "name", "name+00000000", str(LOG.key).replace("+", " "), "other" + str(LOG.key),
        str(LOG.key)[:-4], str(LOG.key)[:-1] + "!",
    ],
)  # fmt: skip
def test_a_malformed_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(vkey)


def test_any_byte_changed_in_a_signed_checkpoint_is_refused() -> None:
    signed = LOG.checkpoint(1234, ROOT, ["journal 1 " + "00" * 32])
    refused = 0
    for place, sign in enumerate(signed):
        changed = signed[:place] + ("A" if sign != "A" else "B") + signed[place + 1 :]
        with pytest.raises(NoteError):
            note.verify_checkpoint(changed, LOG.key)
        refused += 1
    assert refused == len(signed)


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", "a\n01\n" + "A" * 43 + "=\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 43 + "=\n\nb\n", "\n1\n" + "A" * 43 + "=\n", "a\n٣\n" + "A" * 43 + "=\n",
        "a\n9223372036854775808\n" + "A" * 43 + "=\n",
    ],
)  # fmt: skip
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "content",
    ["", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n- name AAAAAAAA\n", "te\txt\n\n— name AAAAAAAA\n",
     "text\n\n— na+me AAAAAAAA\n", "text\n\n— name AAAAAAAA", "x" * 70_000 + "\n\n— name AAAAAAAA\n"],
)  # fmt: skip
def test_a_malformed_note_is_refused(content: str) -> None:
    with pytest.raises(NoteError):
        note.Note.parse(content)


def test_another_key_of_the_same_name_is_not_believed() -> None:
    forged = Signer(LOG.key.name, bytes([9]) * 32).checkpoint(5, ROOT)
    with pytest.raises(NoteError, match="not signed by this key"):
        note.verify_checkpoint(forged, LOG.key)


def test_a_checkpoint_of_another_origin_is_not_believed() -> None:
    with pytest.raises(NoteError, match="another log"):
        note.verify_checkpoint(LOG.sign(Checkpoint("other.example", 5, ROOT)), LOG.key)


def test_a_witness_cosigns_text_and_time() -> None:
    signed = LOG.checkpoint(5, ROOT)
    cosigned = signed + WITNESS.cosign(signed, time=1679315147) + "\n"
    assert note.verify_cosignature(cosigned, WITNESS_KEY) == 1679315147
    assert note.verify_checkpoint(cosigned, LOG.key).size == 5


def test_a_cosignature_over_another_checkpoint_is_refused() -> None:
    line = WITNESS.cosign(LOG.checkpoint(5, ROOT), time=1)
    with pytest.raises(NoteError, match="cosignature is false"):
        note.verify_cosignature(LOG.checkpoint(6, ROOT) + line + "\n", WITNESS_KEY)


def test_a_cosignature_is_no_signature_of_a_log() -> None:
    signed = WITNESS.checkpoint(5, ROOT)
    with pytest.raises(NoteError):
        note.verify_checkpoint(signed, WITNESS_KEY)
    with pytest.raises(NoteError):
        note.verify_cosignature(signed, WITNESS.key)


def test_the_signing_key_is_its_owners_alone_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "ledger-signing"
    note.make_signing_key(path)
    key = note.load_signer(path, "amana.example/ledger").key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert note.load_signer(path, "amana.example/ledger").key == key
    with pytest.raises(FileExistsError):
        note.make_signing_key(path)


def test_a_malformed_signing_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger-signing"
    path.write_text("AAAA\n")
    with pytest.raises(NoteError, match="malformed"):
        note.load_signer(path, "amana.example/ledger")
