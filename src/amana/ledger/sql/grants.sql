-- What is written once stays: not even the room's own functions may change or remove these rows.
REVOKE UPDATE, DELETE ON ledger.entry, ledger.blanked, ledger.verifier_key, ledger.cosignature FROM amana_definer;
REVOKE UPDATE ON ledger.checkpoint, ledger.opening, ledger.nonce, ledger.pending FROM amana_definer;
REVOKE DELETE ON ledger.tile FROM amana_definer;
