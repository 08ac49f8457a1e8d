-- Requests about oneself, and forgetting: confirmed by the owner of the address, carried out by a member of staff.

CREATE FUNCTION gate.confirm_request(token text, journal bigint, head bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
    reference text;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.use_link(token, ARRAY['erase']);
    UPDATE uses.task t SET confirmed_at = coalesce(t.confirmed_at, gate.now()),
        confirmed_by = coalesce(t.confirmed_by, link.channel)
    WHERE t.id = link.mark AND t.people = ARRAY[link.person] AND t.kind = policy.term_id('task', 'request')
    RETURNING t.ref INTO reference;
    IF reference IS NULL THEN
        PERFORM gate.refuse('link_stale');
    END IF;
    RETURN reference;
END $$;
GRANT EXECUTE ON FUNCTION gate.confirm_request TO amana_app;

-- A request to erase that its owner has confirmed and that this session's role may carry out; refuses any other task.
CREATE FUNCTION gate.confirmed_request(token text, for_task bigint) RETURNS uses.task
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
    needed uses.task;
BEGIN
    SELECT * INTO who FROM retailer.session_of(token);
    needed := gate.task_of(for_task, who.role);
    IF needed.kind <> policy.term_id('task', 'request') OR needed.purpose <> policy.term_id('purpose', 'rights') THEN
        PERFORM gate.refuse('task_unknown');
    ELSIF needed.confirmed_at IS NULL THEN
        PERFORM gate.refuse('request_unconfirmed');
    END IF;
    RETURN needed;
END $$;

-- First half of an erasure: stop the gate, lock everybody admitted with the confirmed address. The
-- caller writes the journal next and calls the second half in the same transaction.
CREATE FUNCTION gate.forget_begin(token text, for_task bigint, journal bigint, head bytea) RETURNS TABLE (
    customer uuid, addresses bytea[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    needed uses.task;
    people bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    PERFORM gate.enter_gate(journal, head);
    needed := gate.confirmed_request(token, for_task);
    people := gate.people_of_request(needed);
    PERFORM gate.lock_people(people);
    RETURN QUERY
        SELECT p.customer, ARRAY(SELECT b.tag FROM vault.blind b WHERE b.person = p.id ORDER BY b.field)
        FROM vault.person p WHERE p.id = ANY (people) ORDER BY p.id;
END $$;
GRANT EXECUTE ON FUNCTION gate.forget_begin TO amana_app;

-- Only a link that came by e-mail proves the e-mail address: confirmed by phone, a request is about its own person alone, or
-- whoever types somebody's address beside a phone of their own could erase that somebody.
CREATE FUNCTION gate.people_of_request(needed uses.task) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(SELECT DISTINCT id FROM unnest(needed.people || CASE
        WHEN needed.confirmed_by = policy.term_id('channel', 'email')
        THEN gate.sharing_address(needed.people[1], policy.term_id('field', 'email')) END) AS u (id) ORDER BY id)
$$;

-- Second half: the journal already holds the record with this number. The record is verified here, so that no caller can say
-- otherwise; then keys and nonces are destroyed, rows blanked, and the ledger told, with the verdict and a hash over every
-- entry that loses its row.
CREATE FUNCTION gate.forget_finish(
    token text, for_task bigint, sequence bigint, new_head bytea, tags bytea[], removed jsonb
) RETURNS TABLE (entry uuid, verdict text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    needed uses.task;
    people bigint[];
    found text;
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    needed := gate.confirmed_request(token, for_task);
    people := gate.people_of_request(needed);
    PERFORM gate.lock_people(people);
    found := gate.verdict_on(people);
    PERFORM gate.move_journal(sequence, new_head);
    INSERT INTO vault.forgotten (tag, at) SELECT t, gate.now() FROM unnest(tags) AS t ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT gate.forget_people(people, needed.id, sequence, found, removed), found;
END $$;
GRANT EXECUTE ON FUNCTION gate.forget_finish TO amana_app;

CREATE FUNCTION gate.move_journal(to_sequence bigint, to_head bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_sequence <> coalesce((SELECT j.sequence FROM uses.journal j), 0) + 1 THEN
        PERFORM gate.refuse('journal_mismatch');
    END IF;
    INSERT INTO uses.journal (sequence, head) VALUES (to_sequence, to_head)
    ON CONFLICT (one) DO UPDATE SET sequence = to_sequence, head = to_head;
END $$;

CREATE FUNCTION gate.forget_people(
    people bigint[], for_task bigint, at_sequence bigint, found_verdict text, removed jsonb
) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    erasure uuid := gen_random_uuid();
    gone uuid[] := '{}';
    one bigint;
BEGIN
    PERFORM gate.lock_people(people);
    FOREACH one IN ARRAY people LOOP
        gone := gone || gate.forget_rows(one);
    END LOOP;
    INSERT INTO uses.blanked (entry, erasure) SELECT g, erasure FROM unnest(gone) AS g;
    INSERT INTO uses.erasure (entry, task, at, verdict, journal, removed)
    VALUES (erasure, for_task, gate.now(), found_verdict, at_sequence, removed);
    PERFORM ledger.enter(erasure, 'gate.erased',
        ledger.commit_to(0, erasure, gate.erasure_payload(erasure)),
        jsonb_build_object('entries', cardinality(gone), 'verdict', CASE found_verdict WHEN 'sound' THEN 'sound' ELSE 'unsound' END));
    RETURN erasure;
END $$;

-- With what the task said that asked for it, and when and by which channel its owner confirmed it.
CREATE FUNCTION gate.erasure_payload(of_erasure uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'erased', e.task, coalesce(encode(gate.task_hash(t), 'hex'), '-'),
        coalesce(to_char(t.confirmed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '-'), coalesce(t.confirmed_by::text, '-'),
        to_char(e.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.verdict, e.journal, e.removed::text,
        encode(ledger.root_of_entries(ARRAY(SELECT b.entry FROM uses.blanked b WHERE b.erasure = e.entry)), 'hex'))
    FROM uses.erasure e LEFT JOIN uses.task t ON t.id = e.task WHERE e.entry = of_erasure
$$;

CREATE FUNCTION gate.forget_rows(of_person bigint) RETURNS uuid[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    gone uuid[] := consent.forget(of_person);
BEGIN
    DELETE FROM vault.key WHERE person = of_person;
    DELETE FROM vault.value WHERE person = of_person;
    DELETE FROM vault.fact WHERE person = of_person;
    DELETE FROM vault.blind WHERE person = of_person;
    DELETE FROM vault.token WHERE person = of_person;
    gone := gone || ARRAY(SELECT a.entry FROM vault.addition a WHERE a.person = of_person
        UNION ALL SELECT x.entry FROM uses.suppression x WHERE x.person = of_person);
    DELETE FROM vault.addition WHERE person = of_person;
    gone := gone || ARRAY(SELECT l.entry FROM uses.looked_up l WHERE l.person = of_person);
    DELETE FROM uses.looked_up WHERE person = of_person;
    DELETE FROM uses.finding WHERE of_person = ANY (people);
    DELETE FROM uses.suppression WHERE person = of_person;
    UPDATE uses.use u SET person = NULL,
        commitment = gate.use_commitment(n.inner_pad, n.outer_pad, c.entry, p.customer, u.decision)
    FROM uses.call c, vault.person p, ledger.nonce n
    WHERE u.person = of_person AND c.id = u.call AND p.id = of_person AND n.person = of_person;
    PERFORM consent.forget_held(p.customer) FROM vault.person p WHERE p.id = of_person;
    UPDATE vault.person SET erased_at = gate.now(), shop = NULL, manifest = '' WHERE id = of_person;
    PERFORM ledger.forget_person(of_person);
    RETURN gone || (SELECT p.entry FROM vault.person p WHERE p.id = of_person);
END $$;

-- After a restore: erase again what the journal says was erased, one record at a time, before anybody is served.
CREATE FUNCTION gate.forget_again(customers uuid[], sequence bigint, new_head bytea, tags bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT p.id FROM vault.person p WHERE p.customer = ANY (customers) AND p.erased_at IS NULL ORDER BY p.id);
BEGIN
    PERFORM pg_advisory_xact_lock(gate.journal_lock());
    PERFORM gate.move_journal(sequence, new_head);
    INSERT INTO vault.forgotten (tag, at) SELECT t, gate.now() FROM unnest(tags) AS t ON CONFLICT DO NOTHING;
    IF cardinality(people) > 0 THEN
        PERFORM gate.forget_people(people, 0, sequence, 'replayed', '{}');
    END IF;
    RETURN cardinality(people);
END $$;
GRANT EXECUTE ON FUNCTION gate.forget_again TO amana_owner;

-- Rows that still hold an old epoch's key, and the change to the new one: an erased person has no row to change.
CREATE FUNCTION gate.keys_of_epoch(old integer, most integer) RETURNS TABLE (person bigint, customer uuid, wrapped bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.person, p.customer, k.wrapped FROM vault.key k JOIN vault.person p ON p.id = k.person
    WHERE k.epoch = old ORDER BY k.person LIMIT most
$$;
GRANT EXECUTE ON FUNCTION gate.keys_of_epoch TO amana_owner;

CREATE FUNCTION gate.rewrap(people bigint[], before bytea[], after bytea[], old integer, new integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE vault.key k SET wrapped = n.after, epoch = new
    FROM unnest(people, before, after) AS n (person, before, after)
    WHERE k.person = n.person AND k.epoch = old AND k.wrapped = n.before;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;
GRANT EXECUTE ON FUNCTION gate.rewrap TO amana_owner;

CREATE FUNCTION gate.journal_head() RETURNS TABLE (sequence bigint, head bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT j.sequence, j.head FROM uses.journal j
$$;
GRANT EXECUTE ON FUNCTION gate.journal_head TO amana_app, amana_owner, amana_sequencer;

CREATE FUNCTION gate.was_forgotten(tags bytea[]) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM vault.forgotten f WHERE f.tag = ANY (tags))
$$;
GRANT EXECUTE ON FUNCTION gate.was_forgotten TO amana_app;

-- What became of requests: when the owner of the address confirmed each, and the erasure it led to. Names nobody.
CREATE FUNCTION gate.requests(of_tasks bigint[]) RETURNS TABLE (
    task bigint, confirmed_at timestamptz, entry uuid, erased_at timestamptz, verdict text, journal bigint, removed jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT t.id, t.confirmed_at, e.entry, e.at, e.verdict, e.journal, e.removed
    FROM uses.task t LEFT JOIN uses.erasure e ON e.task = t.id
    WHERE t.id = ANY (of_tasks) AND t.kind = policy.term_id('task', 'request')
$$;
GRANT EXECUTE ON FUNCTION gate.requests TO amana_app;
