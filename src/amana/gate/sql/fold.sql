-- Folding: the uses of a committed release become one entry of the ledger, which commits to their count and Merkle root. The
-- sequencer does it before it sequences, so that nobody waits for a tree; until then no checkpoint could have covered them.

-- What a task said when it was planned: who was needed, why and by whom. How often it may still be opened and what its owner
-- confirmed come later. People by the hundred thousand are hashed as the array lies there.
CREATE FUNCTION gate.task_hash(t uses.task) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(concat_ws('|', 'task', t.id, t.kind, t.purpose, t.ref, encode(sha256(array_send(t.people)), 'hex'),
        t.planned_by, coalesce(t.staff::text, '-'), coalesce(t.shops::text, '-'), t.role,
        to_char(t.planned_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(t.expires_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), coalesce(t.wish::text, '-')), 'UTF8'))
$$;

CREATE FUNCTION gate.call_payload(c uses.call) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'call', c.id, to_char(c.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), c.xid::text, c.snapshot::text,
        c.policy, c.purpose, c.channel, c.recipient, c.role, c.session, coalesce(c.staff::text, '-'),
        coalesce(c.shops::text, '-'), c.task,
        coalesce((SELECT encode(gate.task_hash(t), 'hex') FROM uses.task t WHERE t.id = c.task), '-'),
        c.fields::text, c.links::text, c.people, encode(c.root, 'hex'), c.refused::text, c.journal)
$$;

-- A use is committed to the call by its entry, to the person and to the decision it relied on (0: another basis). The zero in
-- front makes the commitment the leaf hash of its own opening (RFC 9162, section 2.1.1), so the call's tree hashes it no more.
-- Of standard SQL, so that the planner can write it into the statement that calls it by the million.
CREATE FUNCTION gate.use_commitment(inner_pad bytea, outer_pad bytea, entry uuid, customer uuid, decision bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256('\x00'::bytea || ledger.blind(inner_pad, outer_pad, entry) || uuid_send(customer) || int8send(decision));

-- The leaves of one call's tree: sorted by themselves, so that their places tell nothing of the people. Without its person's
-- nonce, or blanked without a commitment, a use has none.
CREATE FUNCTION gate.leaves(of_call bigint, of_entry uuid) RETURNS TABLE (person bigint, decision bigint, leaf bytea)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB'
SET jit = off AS $$
BEGIN
    RETURN QUERY
        SELECT u.person, u.decision, coalesce(u.commitment,
            gate.use_commitment(n.inner_pad, n.outer_pad, of_entry, p.customer, u.decision)) AS leaf
        FROM uses.use u LEFT JOIN vault.person p ON p.id = u.person LEFT JOIN ledger.nonce n ON n.person = u.person
        WHERE u.call = of_call ORDER BY 3;
END $$;

CREATE FUNCTION gate.root_of(of_call bigint, of_entry uuid) RETURNS bytea
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off AS $$
    SELECT ledger.merkle_root(string_agg(l.leaf, ''::bytea)) FROM gate.leaves(of_call, of_entry) l
$$;

-- Fold up to `most` calls, the oldest first; return how many were.
CREATE FUNCTION gate.fold(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    made uses.call;
    folded integer := 0;
BEGIN
    FOR made IN
        WITH taken AS (
            DELETE FROM uses.unfolded w USING (
                SELECT f.ctid AS row FROM uses.unfolded f ORDER BY f.call LIMIT most FOR UPDATE SKIP LOCKED) x
            WHERE w.ctid = x.row RETURNING w.call)
        SELECT c.* FROM taken t JOIN uses.call c ON c.id = t.call ORDER BY c.id
    LOOP
        UPDATE uses.call SET root = gate.root_of(made.id, made.entry) WHERE id = made.id RETURNING root INTO made.root;
        PERFORM ledger.enter(made.entry, 'gate.opened', ledger.commit_to(0, made.entry, gate.call_payload(made)),
            jsonb_build_object('count', made.people, 'root', encode(made.root, 'hex')));
        folded := folded + 1;
    END LOOP;
    RETURN folded;
END $$;
GRANT EXECUTE ON FUNCTION gate.fold TO amana_sequencer, amana_owner;
