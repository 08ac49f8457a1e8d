-- Why one person was written to: the task, the releases under it, and the decision and address each relied on. For the
-- operator who answers that question; it opens nothing and is not granted to the application.

CREATE FUNCTION gate.term_name(of_id smallint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT t.name FROM policy.term t WHERE t.id = of_id $$;

CREATE FUNCTION gate.explain_call(made uses.call, of_person bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    WITH leaves AS MATERIALIZED (SELECT * FROM gate.leaves(made.id, made.entry))
    SELECT jsonb_build_object(
        'entry', made.entry, 'at', made.at, 'taken_at', made.taken_at, 'policy', made.policy,
        'channel', gate.term_name(made.channel), 'recipient', gate.term_name(made.recipient),
        'role', gate.term_name(made.role), 'root', encode(made.root, 'hex'), 'own', encode(u.leaf, 'hex'),
        'fields', ARRAY(SELECT t.name FROM policy.term t WHERE t.id = ANY (made.fields) ORDER BY t.id),
        'commitments', ARRAY(SELECT encode(x.leaf, 'hex') FROM leaves x ORDER BY x.leaf),
        'basis', (SELECT b.basis FROM policy.purpose_basis b JOIN vault.person p ON p.id = of_person
            WHERE b.version = made.policy AND b.purpose = made.purpose AND b.jurisdiction = p.jurisdiction),
        'decision', (SELECT jsonb_build_object('entry', d.entry, 'at', d.at, 'kind', d.kind, 'actor', d.actor,
                'source', gate.term_name(d.source), 'language', d.language, 'policy', d.policy, 'wording', w.text)
            FROM consent.decision d LEFT JOIN consent.wording w ON w.hash = d.wording
            WHERE d.id = u.decision))
    FROM leaves u WHERE u.person = of_person
$$;

CREATE FUNCTION gate.why(for_task bigint, of_customer uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT jsonb_build_object(
        'task', jsonb_build_object('kind', gate.term_name(t.kind), 'purpose', gate.term_name(t.purpose), 'ref', t.ref,
            'planned_at', t.planned_at, 'role', gate.term_name(t.role), 'staff', t.staff),
        'calls', coalesce((SELECT jsonb_agg(gate.explain_call(c, p.id) ORDER BY c.id) FROM uses.call c
            WHERE c.task = t.id AND EXISTS (SELECT FROM uses.use u WHERE u.call = c.id AND u.person = p.id)), '[]'),
        'addresses', coalesce((SELECT jsonb_agg(jsonb_build_object('field', gate.term_name(a.field), 'entry', d.entry,
                'confirmed_at', a.confirmed_at, 'superseded_at', a.superseded_at) ORDER BY a.field)
            FROM consent.address a JOIN consent.decision d ON d.id = a.decision WHERE a.person = p.id), '[]'))
    FROM uses.task t LEFT JOIN vault.person p ON p.customer = of_customer AND p.erased_at IS NULL
    WHERE t.id = for_task
$$;
GRANT EXECUTE ON FUNCTION gate.why TO amana_owner;

-- How much the audit had to look at.
CREATE FUNCTION gate.audited(
    OUT people bigint, OUT decisions bigint, OUT calls bigint, OUT uses bigint, OUT look_ups bigint, OUT erasures bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM vault.person p WHERE p.erased_at IS NULL), (SELECT count(*) FROM consent.decision),
        (SELECT count(*) FROM uses.call), (SELECT count(*) FROM uses.use), (SELECT count(*) FROM uses.looked_up),
        (SELECT count(*) FROM uses.erasure)
$$;
GRANT EXECUTE ON FUNCTION gate.audited TO amana_app, amana_owner;
