-- What is written once stays: not even the gate's own functions may change or remove these rows.
REVOKE DELETE ON uses.call FROM amana_definer;
REVOKE UPDATE, DELETE ON uses.erasure, uses.blanked FROM amana_definer;
REVOKE UPDATE, DELETE ON consent.wording FROM amana_definer;
REVOKE UPDATE ON consent.decision FROM amana_definer;
