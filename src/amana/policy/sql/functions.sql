-- Reading the running policy, and the one way to replace it.

CREATE FUNCTION policy.current_version() RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT r.version FROM policy.running r
$$;

CREATE FUNCTION policy.term_id(kind text, name text) RETURNS smallint
LANGUAGE sql STABLE AS $$
    SELECT t.id FROM policy.term t WHERE t.kind = term_id.kind AND t.name = term_id.name
$$;

CREATE FUNCTION policy.running_version() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT r.version FROM policy.running r
$$;

-- What the application asks at every use of the policy: one row, no text.
CREATE FUNCTION policy.head() RETURNS TABLE (version integer, hash bytea, published_at timestamptz, entry uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT v.id, v.hash, v.published_at, v.entry FROM policy.running r JOIN policy.version v ON v.id = r.version
$$;

CREATE FUNCTION policy.text_of(version integer)
RETURNS TABLE (hash bytea, yaml text, published_at timestamptz, entry uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT v.hash, v.yaml, v.published_at, v.entry FROM policy.version v WHERE v.id = text_of.version
$$;

CREATE FUNCTION policy.versions()
RETURNS TABLE (version integer, hash bytea, published_at timestamptz, entry uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT v.id, v.hash, v.published_at, v.entry FROM policy.version v ORDER BY v.id
$$;

CREATE FUNCTION policy.terms() RETURNS TABLE (id smallint, kind text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT t.id, t.kind, t.name FROM policy.term t ORDER BY t.id
$$;

-- The names of a purpose's rows in one of its lists, sorted by bytes, so that two readings compare as text.
CREATE FUNCTION policy.names(ids smallint[]) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_agg(t.name ORDER BY t.name COLLATE "C"), '[]') FROM policy.term t WHERE t.id = ANY (ids)
$$;

CREATE FUNCTION policy.purpose_rules(version integer, purpose smallint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET intervalstyle = 'iso_8601' AS $$
    SELECT jsonb_build_object(
        'clause', p.clause, 'promotional', p.promotional, 'needs_confirmed_address', p.needs_confirmed_address,
        'min_age', p.min_age, 'default_off', p.default_off, 'survives_restriction', p.survives_restriction,
        'delayed_disclosure', p.delayed_disclosure::text, 'retention', p.retention::text, 'revision', p.revision,
        'basis', (SELECT jsonb_object_agg(t.name, b.basis) FROM policy.purpose_basis b
                  JOIN policy.term t ON t.id = b.jurisdiction
                  WHERE b.version = p.version AND b.purpose = p.purpose),
        'fields', policy.names(ARRAY(SELECT x.field FROM policy.purpose_field x
                                     WHERE x.version = p.version AND x.purpose = p.purpose)),
        'channels', policy.names(ARRAY(SELECT x.channel FROM policy.purpose_channel x
                                       WHERE x.version = p.version AND x.purpose = p.purpose)),
        'roles', policy.names(ARRAY(SELECT x.role FROM policy.purpose_role x
                                    WHERE x.version = p.version AND x.purpose = p.purpose)),
        'recipients', policy.names(ARRAY(SELECT x.recipient FROM policy.purpose_recipient x
                                         WHERE x.version = p.version AND x.purpose = p.purpose)),
        'tasks', policy.names(ARRAY(SELECT x.task FROM policy.purpose_task x
                                    WHERE x.version = p.version AND x.purpose = p.purpose)),
        'collected', (SELECT coalesce(jsonb_object_agg(c.item, c.retention::text), '{}')
                      FROM policy.purpose_collected c WHERE c.version = p.version AND c.purpose = p.purpose))
    FROM policy.purpose p WHERE p.version = purpose_rules.version AND p.purpose = purpose_rules.purpose
$$;

-- The rules as they stand in the tables, in the shape publish takes them: anyone can compare them with the text.
CREATE FUNCTION policy.rules_of(version integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET intervalstyle = 'iso_8601' AS $$
    SELECT jsonb_build_object(
        'fields', (SELECT jsonb_object_agg(t.name, jsonb_build_object(
                       'kind', f.kind, 'sensitive', f.sensitive, 'retention', f.retention::text,
                       'promotional_needs_confirmation', f.promotional_needs_confirmation))
                   FROM policy.field f JOIN policy.term t ON t.id = f.field WHERE f.version = rules_of.version),
        'roles', (SELECT jsonb_object_agg(t.name, jsonb_build_object('may_limit_to_shops', r.may_limit_to_shops))
                  FROM policy.role r JOIN policy.term t ON t.id = r.role WHERE r.version = rules_of.version),
        'purposes', (SELECT jsonb_object_agg(t.name, policy.purpose_rules(p.version, p.purpose))
                     FROM policy.purpose p JOIN policy.term t ON t.id = p.purpose
                     WHERE p.version = rules_of.version),
        'sources', (SELECT jsonb_object_agg(s.name, s.fields) FROM (
                       SELECT t.name, jsonb_object_agg(ft.name, jsonb_build_object('mandatory', sf.mandatory)) AS fields
                       FROM policy.source_field sf JOIN policy.term t ON t.id = sf.source
                       JOIN policy.term ft ON ft.id = sf.field
                       WHERE sf.version = rules_of.version GROUP BY t.name) s),
        'limits', (SELECT coalesce(jsonb_object_agg(l.name, l.limits), '{}') FROM (
                       SELECT t.name, jsonb_object_agg(lo.name, lo.value) AS limits
                       FROM policy.limit_of lo JOIN policy.term t ON t.id = lo.jurisdiction
                       WHERE lo.version = rules_of.version GROUP BY t.name) l),
        'use_retention', (SELECT u.retention::text FROM policy.use_retention u WHERE u.version = rules_of.version))
    FROM policy.version v WHERE v.id = rules_of.version
$$;

CREATE FUNCTION policy.allocate_terms(rules jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    -- "where not exists" and not "on conflict": a conflict would burn a number of the 32,767 at every publication.
    INSERT INTO policy.term (kind, name)
    SELECT DISTINCT named.kind, named.name FROM (
        SELECT 'field', jsonb_object_keys(rules -> 'fields')
        UNION ALL SELECT 'purpose', jsonb_object_keys(rules -> 'purposes')
        UNION ALL SELECT 'role', jsonb_object_keys(rules -> 'roles')
        UNION ALL SELECT k.kind, jsonb_array_elements_text(rules -> 'terms' -> k.kind)
                  FROM unnest(ARRAY['channel', 'recipient', 'jurisdiction', 'task', 'source']) AS k (kind)
    ) AS named (kind, name)
    WHERE NOT EXISTS (SELECT FROM policy.term t WHERE t.kind = named.kind AND t.name = named.name)
    ORDER BY 1, 2
$$;

CREATE FUNCTION policy.fill(version integer, rules jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO policy.field
    SELECT fill.version, policy.term_id('field', e.key), e.value ->> 'kind', (e.value ->> 'sensitive')::boolean,
           (e.value ->> 'retention')::interval, (e.value ->> 'promotional_needs_confirmation')::boolean
    FROM jsonb_each(rules -> 'fields') e;
    INSERT INTO policy.role
    SELECT fill.version, policy.term_id('role', e.key), (e.value ->> 'may_limit_to_shops')::boolean
    FROM jsonb_each(rules -> 'roles') e;
    INSERT INTO policy.purpose
    SELECT fill.version, policy.term_id('purpose', e.key), e.value ->> 'clause',
           (e.value ->> 'promotional')::boolean, (e.value ->> 'needs_confirmed_address')::boolean,
           (e.value ->> 'min_age')::smallint, (e.value ->> 'default_off')::boolean,
           (e.value ->> 'survives_restriction')::boolean, (e.value ->> 'delayed_disclosure')::interval,
           (e.value ->> 'retention')::interval, (e.value ->> 'revision')::integer, fill.version
    FROM jsonb_each(rules -> 'purposes') e;
    INSERT INTO policy.source_field
    SELECT fill.version, policy.term_id('source', s.key), policy.term_id('field', f.key),
           (f.value ->> 'mandatory')::boolean
    FROM jsonb_each(rules -> 'sources') s, jsonb_each(s.value) f;
    INSERT INTO policy.limit_of
    SELECT fill.version, policy.term_id('jurisdiction', j.key), l.key, l.value
    FROM jsonb_each(rules -> 'limits') j, jsonb_each(j.value) l;
    INSERT INTO policy.use_retention VALUES (fill.version, (rules ->> 'use_retention')::interval);
    PERFORM policy.fill_lists(fill.version, rules);
END
$$;

CREATE FUNCTION policy.fill_lists(version integer, rules jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO policy.purpose_basis
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('jurisdiction', b.key), b.value
    FROM jsonb_each(rules -> 'purposes') p, jsonb_each_text(p.value -> 'basis') b;
    INSERT INTO policy.purpose_field
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('field', n)
    FROM jsonb_each(rules -> 'purposes') p, jsonb_array_elements_text(p.value -> 'fields') n;
    INSERT INTO policy.purpose_channel
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('channel', n)
    FROM jsonb_each(rules -> 'purposes') p, jsonb_array_elements_text(p.value -> 'channels') n;
    INSERT INTO policy.purpose_role
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('role', n)
    FROM jsonb_each(rules -> 'purposes') p, jsonb_array_elements_text(p.value -> 'roles') n;
    INSERT INTO policy.purpose_recipient
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('recipient', n)
    FROM jsonb_each(rules -> 'purposes') p, jsonb_array_elements_text(p.value -> 'recipients') n;
    INSERT INTO policy.purpose_collected
    SELECT fill_lists.version, policy.term_id('purpose', p.key), c.key, c.value::interval
    FROM jsonb_each(rules -> 'purposes') p, jsonb_each_text(p.value -> 'collected') c;
    INSERT INTO policy.purpose_task
    SELECT fill_lists.version, policy.term_id('purpose', p.key), policy.term_id('task', n)
    FROM jsonb_each(rules -> 'purposes') p, jsonb_array_elements_text(p.value -> 'tasks') n;
$$;

CREATE FUNCTION policy.check_rules(version integer) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM policy.purpose p WHERE p.version = check_rules.version)
       OR EXISTS (SELECT FROM policy.purpose p WHERE p.version = check_rules.version
                  AND (NOT EXISTS (SELECT FROM policy.purpose_role r
                                   WHERE r.version = p.version AND r.purpose = p.purpose)
                       OR NOT EXISTS (SELECT FROM policy.purpose_field f
                                      WHERE f.version = p.version AND f.purpose = p.purpose)
                       OR NOT EXISTS (SELECT FROM policy.purpose_basis b
                                      WHERE b.version = p.version AND b.purpose = p.purpose))) THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_incomplete';
    END IF;
    -- The law is data: a ground that a jurisdiction's limits do not grant cannot be published for it.
    IF EXISTS (SELECT FROM policy.purpose_basis b
               LEFT JOIN policy.limit_of l ON l.version = b.version AND l.jurisdiction = b.jurisdiction
                    AND l.name = 'legitimate_interest_exists'
               WHERE b.version = check_rules.version AND b.basis = 'legitimate_interest'
                 AND l.value IS DISTINCT FROM 'true'::jsonb) THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_basis_unlawful';
    END IF;
    IF EXISTS (SELECT FROM policy.purpose p
               JOIN policy.purpose_basis b ON b.version = p.version AND b.purpose = p.purpose
               WHERE p.version = check_rules.version AND p.promotional AND b.basis <> 'consent') THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_promotion_without_consent';
    END IF;
END
$$;

-- Consent given under an earlier version goes on only for a purpose that is no wider than it was then.
CREATE FUNCTION policy.carry_consent(version integer, previous integer) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE policy.purpose new SET consent_since = old.consent_since
    FROM policy.purpose old
    WHERE new.version = carry_consent.version AND old.version = carry_consent.previous AND old.purpose = new.purpose
      AND new.revision <= old.revision AND (old.promotional OR NOT new.promotional)
      AND NOT EXISTS (
          SELECT FROM policy.purpose_field nf
          JOIN policy.field nk ON nk.version = nf.version AND nk.field = nf.field
          LEFT JOIN policy.purpose_field pf
               ON pf.version = old.version AND pf.purpose = nf.purpose AND pf.field = nf.field
          LEFT JOIN policy.field pk ON pk.version = pf.version AND pk.field = pf.field
          WHERE nf.version = new.version AND nf.purpose = new.purpose
            AND (pf.field IS NULL OR least(nk.retention, new.retention) > least(pk.retention, old.retention)))
      AND NOT EXISTS (
          SELECT FROM policy.purpose_recipient nr
          WHERE nr.version = new.version AND nr.purpose = new.purpose
            AND NOT EXISTS (SELECT FROM policy.purpose_recipient pr
                            WHERE pr.version = old.version AND pr.purpose = nr.purpose
                              AND pr.recipient = nr.recipient))
      AND NOT EXISTS (
          SELECT FROM policy.purpose_collected nc
          WHERE nc.version = new.version AND nc.purpose = new.purpose
            AND NOT EXISTS (SELECT FROM policy.purpose_collected pc
                            WHERE pc.version = old.version AND pc.purpose = nc.purpose AND pc.item = nc.item
                              AND pc.retention >= nc.retention))
$$;

-- Replaces the running policy, or changes nothing. `against` is the version the publisher compared with (0: none);
-- publishing over another one would approve a difference nobody has read.
CREATE FUNCTION policy.publish(yaml text, hash bytea, rules jsonb, actor text, against integer DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    previous integer;
    made integer;
    recorded uuid;
BEGIN
    LOCK TABLE policy.version IN SHARE ROW EXCLUSIVE MODE;
    previous := policy.current_version();
    IF against IS NOT NULL AND against <> coalesce(previous, 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_moved_on';
    END IF;
    IF hash IS DISTINCT FROM sha256(convert_to(yaml, 'UTF8')) THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_hash_wrong';
    END IF;
    IF EXISTS (SELECT FROM policy.version v WHERE v.id = previous AND v.hash = publish.hash) THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_unchanged';
    END IF;
    made := coalesce((SELECT max(v.id) FROM policy.version v), 0) + 1;
    recorded := ledger.record('policy.published', 0, jsonb_build_object(
        'actor', actor, 'hash', encode(hash, 'hex'), 'previous', previous,
        'rules_hash', encode(sha256(convert_to((rules - 'terms')::text, 'UTF8')), 'hex'), 'version', made));
    INSERT INTO policy.version (id, hash, yaml, actor, published_at, entry)
    VALUES (made, publish.hash, publish.yaml, publish.actor, ledger.now(), recorded);
    PERFORM policy.allocate_terms(rules);
    PERFORM policy.fill(made, rules);
    PERFORM policy.check_rules(made);
    PERFORM policy.carry_consent(made, previous);
    IF policy.rules_of(made) IS DISTINCT FROM rules - 'terms' THEN
        RAISE EXCEPTION USING ERRCODE = 'AM001', MESSAGE = 'policy_rules_malformed';
    END IF;
    INSERT INTO policy.running ("only", version) VALUES (true, made)
    ON CONFLICT ("only") DO UPDATE SET version = excluded.version;
    RETURN made;
END
$$;

-- Purposes whose consent starts anew with this version: the people who agreed earlier are asked again.
CREATE FUNCTION policy.asked_again(version integer) RETURNS TABLE (purpose text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT t.name FROM policy.purpose p JOIN policy.term t ON t.id = p.purpose
    WHERE p.version = asked_again.version AND p.consent_since = p.version
      AND EXISTS (SELECT FROM policy.purpose o WHERE o.purpose = p.purpose AND o.version < p.version)
      AND EXISTS (SELECT FROM policy.purpose_basis b
                  WHERE b.version = p.version AND b.purpose = p.purpose AND b.basis = 'consent')
    ORDER BY t.name COLLATE "C"
$$;

GRANT EXECUTE ON FUNCTION policy.running_version() TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.head() TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.text_of(integer) TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.versions() TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.terms() TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.rules_of(integer) TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.asked_again(integer) TO amana_app, amana_publisher;
GRANT EXECUTE ON FUNCTION policy.publish(text, bytea, jsonb, text, integer) TO amana_publisher;
