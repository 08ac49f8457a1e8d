"""What PostgreSQL's own catalogue says of the lock, held against what is allowed; each breach named."""

from collections.abc import Iterable
from typing import Final

from tests.database import Connection

LOCKED: Final = ["ledger", "policy", "retailer", "consent", "vault", "uses", "gate"]
LOGINS: Final = ["amana_app", "amana_sequencer", "amana_publisher"]
# Settings that every function with more rights than its caller is bound to.
BOUND: Final = {
    "search_path=pg_catalog, pg_temp",
    "standard_conforming_strings=on",
    "transform_null_equals=off",
    "debug_print_parse=off",
    "debug_print_rewritten=off",
    "debug_print_plan=off",
}
# Everything a login may execute, by name: what is not listed is refused, and what is listed is here on purpose.
ALLOWED: Final = {
    "amana_app": """
        gate.add gate.admit gate.key_to_add gate.hold_value gate.answerable gate.release_value
        gate.purge_value gate.afresh_begin gate.afresh_finish gate.ask gate.ask_facts gate.ask_to_sign_in gate.attend
        gate.audit gate.audited
        gate.confirm gate.confirm_request gate.decide_for gate.decisions_of_link gate.epochs_in_use
        gate.figures gate.found gate.forget_begin gate.forget_finish gate.hold gate.holder_of_link
        gate.index_keys_in_use gate.journal_head gate.look_at_link gate.look_up gate.note
        gate.opt_in gate.opt_out gate.opted_out gate.drop_month gate.expire gate.kept
        gate.plan gate.plan_reachable gate.prefer gate.prepare_months gate.reach gate.requests gate.serving
        gate.sign_in gate.standing_of_link gate.suppress gate.tags_of_link gate.take gate.take_facts
        gate.uses_of_link gate.was_forgotten
        ledger.count_entries ledger.find_checkpoint ledger.find_entry ledger.find_key ledger.find_proving
        ledger.find_witnessed ledger.note
        ledger.read_bundle ledger.read_tiles
        policy.asked_again policy.head policy.rules_of policy.running_version policy.terms policy.text_of
        policy.versions
        public.customers_ask_to_lift public.customers_ask_to_lift_for
        public.customers_attach public.customers_detach public.customers_exclude_before public.customers_forget
        public.customers_grant
        public.customers_merge public.customers_settle public.customers_undo
        retailer.add_staff retailer.ask_second_factor retailer.ask_sign_in retailer.begin_second_factor
        retailer.brand_shown retailer.change_password retailer.close_sessions retailer.colleagues
        retailer.confirm_second_factor retailer.drop_second_factor retailer.own_second_factor
        retailer.prove_session retailer.remove_second_factor retailer.rename_staff
        retailer.renew_recovery_codes retailer.reset_password retailer.salt_of retailer.second_factors retailer.to_tell
        retailer.set_active retailer.set_roles retailer.shop_list retailer.sign_in retailer.sign_out
        retailer.staff_list retailer.who""",
    "amana_sequencer": """
        gate.fold gate.lock_kept gate.note_kept gate.take_unkept
        gate.journal_head ledger.announce_key ledger.audit_entries ledger.audit_erasures ledger.audit_strays
        ledger.cosign ledger.count_entries ledger.find_checkpoint ledger.find_entry ledger.find_id ledger.find_key
        ledger.find_witnessed
        ledger.first_missing ledger.leaf_hashes ledger.list_checkpoints ledger.publish_checkpoint ledger.read_bundle
        ledger.read_tiles ledger.sequence ledger.store_tiles ledger.thin_checkpoints""",
    "amana_publisher": """
        policy.asked_again policy.head policy.publish policy.rules_of policy.running_version policy.terms
        policy.text_of policy.versions""",
}

_FUNCTIONS: Final = """
    SELECT p.oid::regprocedure::text, n.nspname || '.' || p.proname, o.rolname, p.prosecdef,
        coalesce(p.proconfig, '{}'),
        EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'),
        ARRAY(SELECT l FROM unnest(%s::text[]) l WHERE has_function_privilege(l, p.oid, 'EXECUTE'))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner
    WHERE (n.nspname = ANY (%s) OR p.prosecdef) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1"""

# A login's right to a relation or to one of its columns, by a grant of its own, to everybody, or through another role.
_RELATIONS: Final = """
    SELECT c.oid::regclass::text, l, r FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        unnest(%s::text[]) l, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) r
    WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND (has_any_column_privilege(l, c.oid, r)
        OR has_table_privilege(l, c.oid, r || CASE r WHEN 'UPDATE' THEN ', DELETE, TRUNCATE, TRIGGER' ELSE '' END))
    UNION ALL
    SELECT c.oid::regclass::text, l, 'USAGE' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        unnest(%s::text[]) l
    WHERE n.nspname = ANY (%s) AND c.relkind = 'S'
        AND has_sequence_privilege(l, c.oid, 'USAGE, SELECT, UPDATE')
    ORDER BY 1, 2, 3"""

_PLACES: Final = """
    SELECT l || ' may ' || r || ' in the database' FROM unnest(%s::text[]) l, unnest(ARRAY['TEMP', 'CREATE']) r
    WHERE has_database_privilege(l, current_database(), r)
    UNION ALL
    SELECT l || ' may CREATE in ' || n.nspname FROM unnest(%s::text[]) l, pg_namespace n
    WHERE has_schema_privilege(l, n.oid, 'CREATE') AND n.nspname NOT LIKE 'pg\\_%%'
    UNION ALL
    SELECT 'amana_definer may CREATE in ' || n.nspname FROM pg_namespace n
    WHERE has_schema_privilege('amana_definer', n.oid, 'CREATE') AND n.nspname <> 'uses'
        AND n.nspname NOT LIKE 'pg\\_%%'
    ORDER BY 1"""

_ROLES: Final = """
    SELECT r.rolname || ' is more than a login' FROM pg_roles r WHERE r.rolname LIKE 'amana\\_%%'
        AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
    UNION ALL
    SELECT 'amana_definer may sign in' FROM pg_roles r WHERE r.rolname = 'amana_definer' AND r.rolcanlogin
    UNION ALL
    SELECT m.rolname || ' is a member of ' || g.rolname FROM pg_auth_members a
    JOIN pg_roles m ON m.oid = a.member
    JOIN pg_roles g ON g.oid = a.roleid
    WHERE m.rolname LIKE 'amana\\_%%' AND (m.rolname, g.rolname) <> ('amana_owner', 'amana_definer')
    UNION ALL
    SELECT 'new rows of grants for ' || coalesce(g.rolname, 'PUBLIC') || ' in ' || coalesce(n.nspname, 'every schema')
    FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT
    JOIN pg_roles g ON g.oid = a.grantee
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    WHERE coalesce(n.nspname, '') <> 'public' AND (a.grantee = 0 OR g.rolname = ANY (%s))
    ORDER BY 1"""

# A bare name that is a relation or a function of the lock would be looked for along the search path.
_BARE: Final = """
    WITH body AS (
        SELECT p.oid::regprocedure::text AS made,
            regexp_replace(regexp_replace(p.prosrc, '--[^\\n]*', '', 'g'), '''[^'']*''', '', 'g') AS text
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY (%s))
    SELECT DISTINCT b.made || ' names ' || c.relname FROM body b, pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p')
        AND b.text ~* ('(?<!distinct )\\m(from|join|insert\\s+into|update)\\s+' || c.relname || '\\M(?!\\s*[.(])')
        AND b.text !~* ('\\m(with|,)\\s+' || c.relname || '\\s+as\\M')
        AND b.text !~* ('\\)\\s*,\\s*' || c.relname || '\\s+as\\M')
    UNION
    SELECT DISTINCT b.made || ' calls ' || f.proname FROM body b, pg_proc f
    JOIN pg_namespace n ON n.oid = f.pronamespace
    WHERE n.nspname = ANY (%s) AND b.text ~* ('(?<![\\w.])' || f.proname || '\\(')
        AND NOT EXISTS (SELECT FROM pg_proc o WHERE o.proname = f.proname
        AND o.pronamespace = 'pg_catalog'::regnamespace)
    UNION
    SELECT b.made || ' asks for the time of its transaction' FROM body b
    WHERE b.text ~* '(?<![\\w.])(now|transaction_timestamp)\\(|\\m(current_timestamp|current_date|localtimestamp)\\M'
    ORDER BY 1"""


def bad_functions(connection: Connection) -> Iterable[str]:
    """Name every function whose owner, settings or grants open the lock."""
    allowed = {login: set(names.split()) for login, names in ALLOWED.items()}
    for made, name, owner, definer, config, public, logins in connection.execute(
        _FUNCTIONS, [LOGINS, LOCKED]
    ):
        if owner != "amana_definer":
            yield f"{made} belongs to {owner}"
        # A database for tests replaces the clock by one that can be set.
        if definer and name != "ledger.now" and not set(config) >= BOUND:
            yield f"{made} is not bound to {', '.join(sorted(BOUND - set(config)))}"
        if public:
            yield f"{made} may be executed by everybody"
        for login in logins:
            if name not in allowed[login]:
                yield f"{made} may be executed by {login}"
            elif not definer:
                yield f"{made} runs with the rights of {login}"


def bare_names(connection: Connection) -> list[str]:
    """Name every function that looks for something of the lock along the search path."""
    return [row[0] for row in connection.execute(_BARE, [LOCKED, LOCKED, LOCKED])]


def open_doors(connection: Connection) -> list[str]:
    """Name every owner, setting, grant and membership that opens the lock; `connection` is a superuser's."""
    found = list(bad_functions(connection))
    for relation, login, right in connection.execute(_RELATIONS, [LOGINS, LOCKED, LOGINS, LOCKED]):
        found.append(f"{login} has {right} on {relation}")
    found += [row[0] for row in connection.execute(_PLACES, [LOGINS, LOGINS])]
    found += [row[0] for row in connection.execute(_ROLES, [LOGINS])]
    return found


def forgotten(connection: Connection) -> list[str]:
    """Name what the list allows and the database no longer has."""
    known = {row[1] for row in connection.execute(_FUNCTIONS, [LOGINS, LOCKED])}
    return sorted({name for names in ALLOWED.values() for name in names.split()} - known)
