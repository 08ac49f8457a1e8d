-- Taking back an objection or a restriction: asked for by the person or written down by staff, and done only once the owner of
-- the address confirms it by a fresh mail.

CREATE FUNCTION public.customers_plan_lift(
    of_person bigint, of_kind text, of_purpose text, via_channel text, words text, spoken text, by_actor text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    purpose smallint := CASE WHEN of_purpose IS NULL THEN 0 ELSE gate.term('purpose', of_purpose, 'purpose_undeclared') END;
    channel smallint := CASE WHEN via_channel IS NULL THEN 0 ELSE gate.term('channel', via_channel, 'channel_undeclared') END;
    asked bigint;
BEGIN
    PERFORM gate.lock_people(ARRAY[of_person]);
    asked := consent.ask_to_lift(of_person, of_kind, purpose, channel, policy.current_version(), words, spoken, by_actor);
    RETURN CASE WHEN asked IS NOT NULL
        THEN gate.plan_for(of_person, 'message', 'confirmation', 'lift:' || asked, 3::smallint, asked) END;
END $$;

CREATE FUNCTION public.customers_ask_to_lift(
    token text, of_kind text, of_purpose text, via_channel text, words text, spoken text, journal bigint, head bytea
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.check_link(token, ARRAY['preferences']);
    RETURN public.customers_plan_lift(link.person, of_kind, of_purpose, via_channel, words, spoken, 'customer:link');
END $$;
GRANT EXECUTE ON FUNCTION public.customers_ask_to_lift TO amana_app;

-- Through customer service, within a conversation or request about one person.
CREATE FUNCTION public.customers_ask_to_lift_for(
    token text, for_task bigint, of_kind text, of_purpose text, via_channel text, words text, spoken text,
    journal bigint, head bytea
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    by_staff bigint := public.customers_staff(token);
    needed uses.task;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    needed := gate.task_of(for_task, (SELECT s.role FROM retailer.session_of(token) s));
    RETURN public.customers_plan_lift(
        needed.people[1], of_kind, of_purpose, via_channel, words, spoken, 'staff:' || by_staff);
END $$;
GRANT EXECUTE ON FUNCTION public.customers_ask_to_lift_for TO amana_app;

-- What a fresh link to the address confirms: something to lift, or a consent.
CREATE FUNCTION public.customers_grant(token text, journal bigint, head bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    link gate.link;
BEGIN
    PERFORM gate.enter_gate(journal, head);
    link := gate.use_link(token, ARRAY['opt_in']);
    IF consent.lift(link.person, link.mark, policy.term_id('source', 'website')) IS NOT NULL THEN
        RETURN 'lifted';
    END IF;
    PERFORM gate.opt_in(token, journal, head);
    RETURN 'given';
END $$;
GRANT EXECUTE ON FUNCTION public.customers_grant TO amana_app;
