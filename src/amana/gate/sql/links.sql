-- Links that act for a person who is not signed in. A link is signed by a key that only these functions read, is made
-- only while a release takes place, and carries one scope: the unsubscribe link can only opt out.

CREATE FUNCTION gate.link_key() RETURNS uses.link_key
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept uses.link_key;
BEGIN
    SELECT * INTO kept FROM uses.link_key;
    IF kept.one IS NULL THEN
        INSERT INTO uses.link_key (inner_pad, outer_pad)
        SELECT p.inner_pad, p.outer_pad FROM ledger.new_pads() p ON CONFLICT DO NOTHING;
        SELECT * INTO kept FROM uses.link_key;
    END IF;
    RETURN kept;
END $$;

-- What each scope may be asked for with: purpose, and how long it holds (none: for ever).
CREATE FUNCTION gate.link_rules() RETURNS TABLE (scope text, letter text, purpose text, lasts interval)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('opt_out', 'o', NULL, NULL::interval),
           ('preferences', 'p', NULL, interval '90 days'),
           ('receipt', 'r', NULL, interval '90 days'),
           ('confirm', 'c', 'confirmation', interval '7 days'),
           ('opt_in', 'i', 'confirmation', interval '7 days'),
           ('erase', 'e', 'rights', interval '24 hours'),
           ('sign_in', 's', 'rights', interval '15 minutes')
$$;

CREATE FUNCTION gate.permit_links(wanted text[], for_purpose text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(wanted) AS w (scope) LEFT JOIN gate.link_rules() r ON r.scope = w.scope
        WHERE r.scope IS NULL OR r.purpose <> for_purpose) THEN
        PERFORM gate.refuse('link_undeclared');
    END IF;
END $$;

-- HMAC-SHA-256 (RFC 2104), the first 16 bytes, over scope, person, purpose, channel, mark and end.
CREATE FUNCTION gate.sign_link(key uses.link_key, body bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT substr(sha256((key).outer_pad || sha256((key).inner_pad || body)), 1, 16)
$$;

-- A link's token, as it stands in an address (RFC 4648, section 5, without padding).
CREATE FUNCTION gate.write_link(key uses.link_key, body bytea) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT translate(encode(body || gate.sign_link(key, body), 'base64'), E'+/=\n', '-_')
$$;

-- Signing in is for the address's owner alone: asked for by gate.ask_to_sign_in, opened by the machine, and the address
-- confirmed and not handed over since.
CREATE FUNCTION gate.may_sign_in(task uses.task, by_staff bigint, of_person bigint, contact smallint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT by_staff IS NULL AND task.planned_by = 0 AND task.ref = 'sign_in:' || of_person
        AND task.people = ARRAY[of_person] AND EXISTS (
            SELECT FROM consent.address a JOIN vault.value v ON v.person = a.person AND v.field = a.field AND v.id = a.value
            WHERE a.person = of_person AND a.field = contact AND a.superseded_at IS NULL
                AND a.confirmed_at <= task.planned_at)
$$;

-- One row for each person and scope, in the shape of gate.take: the field is "link:scope", the content its token. The mark ties a link to what it
-- is about: the address that is confirmed, the request that erases or signs in, the wish that is granted, the call that wrote.
CREATE FUNCTION gate.links_of(made uses.call, people bigint[]) RETURNS TABLE (
    customer bytea, epoch integer, wrapped bytea, field text, value bigint, version integer, content bytea)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    key uses.link_key := gate.link_key();
    task uses.task;
    contact smallint := gate.contact_field((SELECT t.name FROM policy.term t WHERE t.id = made.channel));
BEGIN
    SELECT * INTO task FROM uses.task t WHERE t.id = made.task;
    RETURN QUERY
    SELECT uuid_send(p.customer), NULL::integer, NULL::bytea, 'link:' || r.scope, NULL::bigint, NULL::integer,
        convert_to(gate.write_link(key, b.body), 'UTF8')
    FROM unnest(people) AS asked (id)
    JOIN vault.person p ON p.id = asked.id
    LEFT JOIN vault.value v ON v.person = p.id AND v.field = contact
    JOIN gate.link_rules() r ON r.scope = ANY (made.links)
        AND (r.scope <> 'sign_in' OR gate.may_sign_in(task, made.staff, p.id, contact))
    CROSS JOIN LATERAL (SELECT convert_to(r.letter, 'UTF8') || uuid_send(p.customer) || int2send(made.purpose)
        || int2send(made.channel)
        || int8send(CASE r.scope WHEN 'confirm' THEN coalesce(v.id, 0) WHEN 'erase' THEN task.id
            WHEN 'sign_in' THEN task.id WHEN 'opt_in' THEN coalesce(task.wish, 0) ELSE made.id END)
        || int4send(coalesce(extract(epoch FROM made.at + r.lasts)::integer, 0)) AS body) b;
END $$;

CREATE TYPE gate.link AS (
    scope text, person bigint, customer uuid, purpose smallint, channel smallint, mark bigint, expired boolean);

-- Read a link's token; a token that these functions did not sign, or of a person who is gone, is one and the same refusal.
CREATE FUNCTION gate.read_link(token text) RETURNS gate.link
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    raw bytea;
    body bytea;
    read gate.link;
    ends bigint;
BEGIN
    IF token IS NULL OR token !~ '^[A-Za-z0-9_-]{66}$' THEN
        PERFORM gate.refuse('link_invalid');
    END IF;
    raw := decode(translate(token, '-_', '+/') || '==', 'base64');
    body := substr(raw, 1, 33);
    IF substr(raw, 34) <> gate.sign_link(gate.link_key(), body) THEN
        PERFORM gate.refuse('link_invalid');
    END IF;
    SELECT r.scope INTO read.scope FROM gate.link_rules() r WHERE r.letter = convert_from(substr(body, 1, 1), 'UTF8');
    read.customer := encode(substr(body, 2, 16), 'hex')::uuid;
    read.purpose := gate.number(substr(body, 18, 2))::smallint;
    read.channel := gate.number(substr(body, 20, 2))::smallint;
    read.mark := gate.number(substr(body, 22, 8));
    ends := gate.number(substr(body, 30, 4));
    read.expired := ends > 0 AND extract(epoch FROM gate.now()) >= ends;
    SELECT p.id INTO read.person FROM vault.person p WHERE p.customer = read.customer AND p.erased_at IS NULL;
    IF read.person IS NULL THEN
        PERFORM gate.refuse('link_invalid');
    END IF;
    RETURN read;
END $$;

CREATE FUNCTION gate.number(bytes bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ('x' || lpad(encode(bytes, 'hex'), 16, '0'))::bit(64)::bigint
$$;

-- What a page may show before anybody acts: the scope, whether it still holds, and what it is about. Changes nothing.
CREATE FUNCTION gate.look_at_link(token text, journal bigint, head bytea) RETURNS TABLE (
    scope text, expired boolean, purpose text, channel text, language text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    read gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    read := gate.read_link(token);
    RETURN QUERY SELECT read.scope, read.expired,
        (SELECT t.name FROM policy.term t WHERE t.id = read.purpose),
        (SELECT t.name FROM policy.term t WHERE t.id = read.channel),
        (SELECT f.value FROM vault.fact f WHERE f.person = read.person AND f.field = policy.term_id('field', 'language'));
END $$;
GRANT EXECUTE ON FUNCTION gate.look_at_link TO amana_app;

-- Read a link of the right scope that has not expired. Locks and stamps nobody: reading is no act.
CREATE FUNCTION gate.check_link(token text, scopes text[]) RETURNS gate.link
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    read gate.link := gate.read_link(token);
BEGIN
    IF NOT read.scope = ANY (scopes) THEN
        PERFORM gate.refuse('link_wrong_scope');
    ELSIF read.expired THEN
        PERFORM gate.refuse('link_expired');
    END IF;
    RETURN read;
END $$;

-- Read a link that acts on its person alone, and lock that person. What acts on everybody with an address checks the link and
-- locks them all at once: one after another would meet somebody who comes from the other side.
CREATE FUNCTION gate.use_link(token text, scopes text[]) RETURNS gate.link
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    read gate.link := gate.check_link(token, scopes);
BEGIN
    PERFORM gate.lock_people(ARRAY[read.person]);
    RETURN read;
END $$;

-- The address field that a link proves: it was sent there, so whoever holds it reads what arrives there.
CREATE FUNCTION gate.proven_by(link gate.link) RETURNS smallint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT gate.contact_field((SELECT t.name FROM policy.term t WHERE t.id = (link).channel))
$$;

-- Lock people for this transaction alone, in the order of their numbers, and stamp them: a release that did not have this
-- transaction in sight when it was asked for judges them again. Refuse when one is erased.
CREATE FUNCTION gate.lock_people(people bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    erased boolean;
BEGIN
    people := people || gate.merged_with(people);
    IF cardinality(people) = 1 THEN
        UPDATE vault.person p SET narrowed = pg_current_xact_id() WHERE p.id = people[1]
        RETURNING p.erased_at IS NOT NULL INTO erased;
    ELSE
        SELECT bool_or(locked.erased_at IS NOT NULL) INTO erased FROM (
            SELECT p.erased_at FROM vault.person p WHERE p.id = ANY (people) ORDER BY p.id FOR NO KEY UPDATE) locked;
        UPDATE vault.person p SET narrowed = pg_current_xact_id()
        WHERE p.id = ANY (people) AND p.narrowed IS DISTINCT FROM pg_current_xact_id();
    END IF;
    IF erased IS NOT FALSE THEN
        PERFORM gate.refuse('person_unknown');
    END IF;
END $$;
