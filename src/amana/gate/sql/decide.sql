-- What a person decides: by a link that proves the address, or through customer service. Withdrawing is as easy as giving.

-- Everybody admitted with this person's address; the address counts, not the row that holds it.
CREATE FUNCTION gate.sharing_address(of_person bigint, contact smallint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT DISTINCT same.person FROM vault.blind mine
        JOIN vault.blind same ON same.field = mine.field AND same.tag = mine.tag
        JOIN vault.person p ON p.id = same.person AND p.erased_at IS NULL
        WHERE mine.person = of_person AND mine.field = contact ORDER BY same.person)
$$;

-- The owner of an address proves it. Older persons with the same confirmed address hand it over, with every decision newer
-- than what the new one decided itself (and, over what was ticked without a connection, every refusal), under the policy it was decided under; a stranger's claim that was never confirmed
-- hands over nothing.
CREATE FUNCTION gate.confirm(token text, spoken text, journal bigint, head bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
    contact smallint;
    v integer := policy.current_version();
    made bigint;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['confirm']);
    contact := gate.proven_by(link);
    PERFORM gate.lock_people(gate.sharing_address(link.person, contact));
    IF NOT EXISTS (SELECT FROM vault.value x WHERE x.person = link.person AND x.field = contact AND x.id = link.mark) THEN
        PERFORM gate.refuse('link_stale');
    ELSIF EXISTS (SELECT FROM consent.address a WHERE a.person = link.person AND a.field = contact AND a.value = link.mark) THEN
        RETURN 'already_confirmed';
    END IF;
    made := consent.decide(link.person, link.purpose, link.channel, 'address_confirmed', v, NULL, spoken,
        policy.term_id('source', 'website'), 'customer:link', link.mark);
    PERFORM gate.take_over(link.person, contact, v);
    INSERT INTO consent.address (person, field, value, confirmed_at, decision)
    VALUES (link.person, contact, link.mark, gate.now(), made);
    RETURN 'confirmed';
END $$;
GRANT EXECUTE ON FUNCTION gate.confirm TO amana_app;

CREATE FUNCTION gate.take_over(by_person bigint, contact smallint, v integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    older record;
BEGIN
    FOR older IN
        SELECT s.purpose, s.channel, s.decision, CASE WHEN s.objected THEN 'objected' ELSE d.kind END AS kind,
            s.policy, d.wording, d.language, d.source
        FROM consent.address a
        JOIN consent.standing s ON s.person = a.person
        JOIN consent.decision d ON d.id = s.decision
        LEFT JOIN consent.standing own
            ON own.person = by_person AND own.purpose = s.purpose AND own.channel = s.channel
        WHERE a.person = ANY (gate.sharing_address(by_person, contact)) AND a.person <> by_person
          AND a.field = contact AND a.superseded_at IS NULL
          AND (coalesce(own.decision, 0) < s.decision OR (NOT s.given AND (
            SELECT o.actor = 'customer:offline' FROM consent.decision o WHERE o.id = own.decision)))
        ORDER BY s.decision
    LOOP
        PERFORM consent.decide(by_person, older.purpose, older.channel, older.kind, older.policy, older.wording,
            older.language, older.source, 'carried:address', older.decision);
    END LOOP;
    PERFORM gate.carry_restriction(by_person, contact);
    FOR older IN
        UPDATE consent.address a SET superseded_at = gate.now()
        WHERE a.person = ANY (gate.sharing_address(by_person, contact)) AND a.person <> by_person
          AND a.field = contact AND a.superseded_at IS NULL RETURNING a.person, a.value
    LOOP
        PERFORM consent.decide(older.person, 0::smallint, 0::smallint, 'address_superseded', v, NULL, 'en',
            policy.term_id('source', 'website'), 'carried:address', older.value);
    END LOOP;
END $$;

-- A restriction goes with the address too: admitted anew, a person stays as restricted as before.
CREATE FUNCTION gate.carry_restriction(by_person bigint, contact smallint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    older consent.decision;
BEGIN
    SELECT d.* INTO older FROM consent.address a JOIN consent.restriction r ON r.person = a.person
    JOIN consent.decision d ON d.id = r.decision
    WHERE a.person = ANY (gate.sharing_address(by_person, contact)) AND a.person <> by_person
      AND a.field = contact AND a.superseded_at IS NULL
      AND NOT EXISTS (SELECT FROM consent.restriction own WHERE own.person = by_person)
    ORDER BY d.id LIMIT 1;
    IF older.id IS NOT NULL THEN
        PERFORM consent.decide(by_person, older.purpose, older.channel, 'restricted', older.policy, older.wording,
            older.language, older.source, 'carried:address', older.id);
    END IF;
END $$;

-- Withdraw one purpose and channel for everybody who shares the address `proven`, which is the one the decision came by; what
-- was planned before is stopped by the gate itself. Nobody is reached by an address that somebody else typed.
CREATE FUNCTION gate.withdraw(
    of_person bigint, proven smallint, of_purpose smallint, of_channel smallint, of_kind text, spoken text, of_source text,
    actor text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    people bigint[] := gate.sharing_address(of_person, proven);
    one bigint;
BEGIN
    IF of_person <> ALL (people) THEN
        people := people || of_person;
    END IF;
    PERFORM gate.lock_people(people);
    FOREACH one IN ARRAY people LOOP
        IF NOT EXISTS (
            SELECT FROM consent.standing s JOIN consent.decision d ON d.id = s.decision
            WHERE s.person = one AND s.purpose = of_purpose AND s.channel = of_channel AND d.kind = of_kind) THEN
            PERFORM consent.decide(one, of_purpose, of_channel, of_kind, policy.current_version(), NULL, spoken,
                policy.term_id('source', of_source), actor);
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION gate.opt_out(token text, spoken text, journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['opt_out', 'preferences']);
    PERFORM gate.withdraw(link.person, gate.proven_by(link), link.purpose, link.channel, 'withdrawn', spoken, 'website', 'customer:link');
END $$;
GRANT EXECUTE ON FUNCTION gate.opt_out TO amana_app;

-- What stands for the holder of a preference link: purposes and channels, never who it is.
CREATE FUNCTION gate.standing_of_link(token text, journal bigint, head bytea) RETURNS TABLE (
    purpose text, channel text, given boolean, objected boolean, decided_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['preferences']);
    RETURN QUERY
        SELECT t.name, c.name, s.given, s.objected, d.at FROM consent.standing s
        JOIN policy.term t ON t.id = s.purpose LEFT JOIN policy.term c ON c.id = s.channel
        JOIN consent.decision d ON d.id = s.decision WHERE s.person = link.person ORDER BY 1, 2;
END $$;
GRANT EXECUTE ON FUNCTION gate.standing_of_link TO amana_app;

-- Through the preference centre: out at once; in only as a wish that a fresh mail to the address must confirm (its task is
-- returned, none when three were asked for within a day).
CREATE FUNCTION gate.prefer(
    token text, of_purpose text, via_channel text, wanted boolean, wording text, spoken text, journal bigint, head bytea
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
    purpose smallint := gate.term('purpose', of_purpose, 'purpose_undeclared');
    channel smallint := CASE WHEN via_channel IS NULL THEN 0 ELSE gate.term('channel', via_channel, 'channel_undeclared') END;
    wish bigint;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['preferences']);
    IF wanted IS NOT TRUE THEN
        PERFORM gate.withdraw(link.person, gate.proven_by(link), purpose, channel, 'withdrawn', spoken, 'website', 'customer:link');
        RETURN NULL;
    END IF;
    PERFORM gate.require_declared(policy.current_version(), purpose, channel);
    PERFORM gate.lock_people(ARRAY[link.person]);
    IF (SELECT count(*) FROM consent.wish w
           WHERE w.person = link.person AND w.asked_at > gate.now() - interval '24 hours') >= 3 THEN
        RETURN NULL;
    END IF;
    wish := consent.wish_for(link.person, purpose, channel, policy.current_version(), wording, spoken);
    RETURN gate.plan_for(link.person, 'message', 'confirmation', 'wish:' || wish, 3::smallint, wish);
END $$;
GRANT EXECUTE ON FUNCTION gate.prefer TO amana_app;

-- Refuse a purpose that the policy does not list, or not by this channel (0: without one).
CREATE FUNCTION gate.require_declared(v integer, of_purpose smallint, of_channel smallint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM policy.purpose p WHERE p.version = v AND p.purpose = of_purpose) THEN
        PERFORM gate.refuse('purpose_undeclared');
    ELSIF of_channel <> 0 AND NOT EXISTS (
        SELECT FROM policy.purpose_channel c WHERE c.version = v AND c.purpose = of_purpose AND c.channel = of_channel) THEN
        PERFORM gate.refuse('channel_undeclared');
    END IF;
END $$;

-- Consent counts under the policy that was in force when its words were read, however late the owner confirms.
CREATE FUNCTION gate.opt_in(token text, journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
    wish consent.wish;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.use_link(token, ARRAY['opt_in']);
    UPDATE consent.wish w SET granted_at = gate.now()
    WHERE w.id = link.mark AND w.person = link.person AND w.granted_at IS NULL RETURNING * INTO wish;
    IF wish.id IS NULL THEN
        PERFORM gate.refuse('link_stale');
    END IF;
    PERFORM consent.decide(wish.person, wish.purpose, wish.channel, 'given', wish.policy, wish.wording,
        wish.language, policy.term_id('source', 'website'), 'customer:link', wish.id);
END $$;
GRANT EXECUTE ON FUNCTION gate.opt_in TO amana_app;

-- Through customer service: a member of staff may record what narrows the use of a person's data, never a consent.
CREATE FUNCTION gate.decide_for(
    token text, for_task bigint, of_purpose text, via_channel text, of_kind text, spoken text, journal bigint, head bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
    needed uses.task;
    purpose smallint := gate.term('purpose', of_purpose, 'purpose_undeclared');
    channel smallint := CASE WHEN via_channel IS NULL THEN 0 ELSE gate.term('channel', via_channel, 'channel_undeclared') END;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT * INTO who FROM retailer.session_of(token);
    IF of_kind IS NULL OR of_kind NOT IN ('withdrawn', 'objected', 'restricted') THEN
        PERFORM gate.refuse('decision_refused');
    END IF;
    needed := gate.task_of(for_task, who.role);
    PERFORM gate.withdraw(needed.people[1], coalesce(gate.contact_field(via_channel), policy.term_id('field', 'email')),
        purpose, channel, of_kind, spoken, 'service', coalesce('staff:' || who.staff, 'system'));
END $$;
GRANT EXECUTE ON FUNCTION gate.decide_for TO amana_app;

-- A live conversation or request about one person, for a session whose role the task's purpose allows.
CREATE FUNCTION gate.task_of(for_task bigint, roles smallint[]) RETURNS uses.task
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    needed uses.task;
BEGIN
    SELECT * INTO needed FROM uses.task t WHERE t.id = for_task FOR UPDATE;
    IF needed.id IS NULL OR cardinality(needed.people) <> 1 OR needed.expires_at <= gate.now()
       OR needed.kind NOT IN (policy.term_id('task', 'conversation'), policy.term_id('task', 'request')) THEN
        PERFORM gate.refuse('task_unknown');
    ELSIF NOT EXISTS (SELECT FROM policy.purpose_role r WHERE r.version = policy.current_version()
        AND r.purpose = needed.purpose AND r.role = ANY (roles)) THEN
        PERFORM gate.refuse('role_refused');
    END IF;
    RETURN needed;
END $$;

-- Whoever confirmed an address asks to sign in: a task for a mail to it, which the machine alone opens. No row for anybody
-- else, nor beyond three within an hour or ten within a day. The address was looked up before, for this.
CREATE FUNCTION gate.ask_to_sign_in(token text, by_ticket text, journal bigint, head bytea) RETURNS TABLE (
    task bigint, customer uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
    made uses.finding;
    owners bigint[];
BEGIN
    PERFORM gate.enter_gate(journal, head);
    SELECT * INTO who FROM retailer.session_of(token);
    IF who.staff IS NOT NULL THEN
        PERFORM gate.refuse('role_refused');
    END IF;
    made := gate.redeem_finding(by_ticket);
    IF made.session <> who.session OR made.purpose <> policy.term_id('purpose', 'rights')
        OR made.field <> policy.term_id('field', 'email') THEN
        PERFORM gate.refuse('ticket_unknown');
    END IF;
    owners := ARRAY(SELECT DISTINCT o.id FROM unnest(made.people) AS o (id) ORDER BY o.id);
    PERFORM pg_advisory_xact_lock(hashtextextended('gate.ask_to_sign_in:' || o.id, 0)) FROM unnest(owners) AS o (id);
    RETURN QUERY
        SELECT gate.plan_for(p.id, 'message', 'rights', 'sign_in:' || p.id, 3::smallint, NULL), p.customer
        FROM vault.person p WHERE p.id = ANY (owners) AND p.erased_at IS NULL AND (
            SELECT count(*) < 10 AND count(*) FILTER (WHERE t.planned_at > gate.now() - interval '1 hour') < 3
            FROM uses.task t WHERE t.ref = 'sign_in:' || p.id AND t.planned_at > gate.now() - interval '24 hours');
END $$;
GRANT EXECUTE ON FUNCTION gate.ask_to_sign_in TO amana_app;

-- Spend a sign-in link: once, however many mails carried it. Gives whose it is, and a preference link that ends with the day's
-- session, by which their own pages read and change what stands.
CREATE FUNCTION gate.sign_in(token text, journal bigint, head bytea) RETURNS TABLE (customer uuid, own text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
    spent uses.task;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['sign_in']);
    UPDATE uses.task t SET confirmed_at = gate.now(), confirmed_by = link.channel
    WHERE t.id = link.mark AND t.confirmed_at IS NULL RETURNING * INTO spent;
    PERFORM FROM vault.person p WHERE p.id = link.person AND p.erased_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        PERFORM gate.refuse('person_unknown');
    ELSIF spent.id IS NULL OR NOT gate.may_sign_in(spent, NULL, link.person, gate.proven_by(link)) THEN
        PERFORM gate.refuse('link_stale');
    END IF;
    PERFORM ledger.record('gate.signed_in', link.person, jsonb_build_object('task', spent.id));
    RETURN QUERY SELECT link.customer, gate.write_link(gate.link_key(), convert_to('p', 'UTF8') || uuid_send(link.customer)
        || int2send(link.purpose) || int2send(link.channel) || int8send(0)
        || int4send(extract(epoch FROM gate.now() + interval '12 hours')::integer));
END $$;
GRANT EXECUTE ON FUNCTION gate.sign_in TO amana_app;
