-- Uses are kept month by month; a month beyond the policy's retention of evidence goes as one table.

CREATE FUNCTION gate.prepare_months(ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz;
    made integer := 0;
    name text;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', gate.now()),
        date_trunc('month', gate.now()) + make_interval(months => ahead), interval '1 month') LOOP
        name := 'use_' || to_char(month, 'YYYYMM');
        IF to_regclass('uses.' || name) IS NULL THEN
            -- Releases of a month that nobody had prepared, after a long stand-still, wait among the unplanned.
            LOCK TABLE uses.use_unplanned IN ACCESS EXCLUSIVE MODE;
            EXECUTE format('CREATE TABLE uses.%1$I (LIKE uses.use INCLUDING ALL);
                WITH moved AS (DELETE FROM uses.use_unplanned WHERE call >= %2$s AND call < %3$s RETURNING *)
                INSERT INTO uses.%1$I SELECT * FROM moved;
                ALTER TABLE uses.use ATTACH PARTITION uses.%1$I FOR VALUES FROM (%2$s) TO (%3$s)', name,
                gate.first_call_of(month), gate.first_call_of(month + interval '1 month'));
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION gate.prepare_months TO amana_app, amana_owner;

-- The calls of a month (YYYYMM): how many, the uses they wrote, and a Merkle root (RFC 9162) whose leaves are their roots, sorted by
-- themselves as the entries `gate.opened` print them.
CREATE FUNCTION gate.calls_of(month text) RETURNS TABLE (calls bigint, people bigint, root bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT count(*), coalesce(sum(c.people), 0)::bigint,
        ledger.merkle_root(string_agg(sha256('\x00'::bytea || c.root), ''::bytea ORDER BY c.root))
    FROM uses.call c WHERE c.id >= gate.first_call_of(to_date(month, 'YYYYMM'))
        AND c.id < gate.first_call_of(to_date(month, 'YYYYMM') + interval '1 month')
$$;

-- What the entry of a dropped month commits to, which can be worked out as long as its calls are there.
CREATE FUNCTION gate.month_payload(d uses.dropped_month) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT concat_ws('|', 'month', d.month, to_char(d.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), d.uses, c.calls,
        encode(c.root, 'hex'), encode(ledger.root_of_entries(ARRAY(
            SELECT b.entry FROM uses.blanked b WHERE b.erasure = d.entry)), 'hex'))
    FROM gate.calls_of(d.month) c
$$;

-- Who used my data: every release about the holder of a preference link, and every look-up that found them (without a task),
-- unless the policy delays its disclosure. Look-ups are counted apart, and the machine's last: whoever asks for mails to an address
-- a thousand times hides neither a use nor a look-up by a person.
CREATE FUNCTION gate.uses_of_link(token text, journal bigint, head bytea) RETURNS TABLE (
    at timestamptz, purpose text, channel text, role text, task text, fields text[], recipient text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['preferences']);
    RETURN QUERY
        (SELECT c.at, pt.name, ct.name, rt.name, kt.name,
            ARRAY(SELECT ft.name FROM policy.term ft WHERE ft.id = ANY (c.fields) ORDER BY ft.id), nt.name
        FROM uses.use u JOIN uses.call c ON c.id = u.call JOIN uses.task t ON t.id = c.task
        JOIN policy.purpose p ON p.version = c.policy AND p.purpose = c.purpose
        JOIN policy.term pt ON pt.id = c.purpose LEFT JOIN policy.term ct ON ct.id = c.channel
        JOIN policy.term rt ON rt.id = t.role JOIN policy.term kt ON kt.id = t.kind JOIN policy.term nt ON nt.id = c.recipient
        WHERE u.person = link.person AND (p.delayed_disclosure IS NULL OR c.at + p.delayed_disclosure <= gate.now())
        ORDER BY c.at DESC LIMIT 500)
        UNION ALL
        (SELECT l.at, pt.name, NULL, rt.name, NULL, ARRAY[ft.name], 'controller'
        FROM uses.looked_up l JOIN policy.purpose p ON p.version = l.policy AND p.purpose = l.purpose
        JOIN policy.term pt ON pt.id = l.purpose JOIN policy.term rt ON rt.id = l.role JOIN policy.term ft ON ft.id = l.field
        WHERE l.person = link.person AND (p.delayed_disclosure IS NULL OR l.at + p.delayed_disclosure <= gate.now())
        ORDER BY l.staff IS NULL, l.at DESC LIMIT 500)
        ORDER BY 1 DESC;
END $$;
GRANT EXECUTE ON FUNCTION gate.uses_of_link TO amana_app;
