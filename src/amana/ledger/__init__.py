"""The append-only record of what is done with personal data, and the proofs that it was not altered.

Entries hold commitments only: what happened is opened by a payload and a nonce of the person's own, and both
go when the person is erased. A sequencer gives entries their index, builds RFC 6962 tiles and signs
checkpoints; anybody may fetch these and verify them elsewhere. The room serves no purpose of the notice by
itself; it shows whether the others were kept. It never holds a name, an address or an identifier of a
customer in a public entry, never changes or removes an entry, and never signs a tree that does not extend the
last one it signed.
"""
