-- Edges from pseudonyms to customers. The application reads the tables; these functions alone add rows to them.

CREATE FUNCTION public.customers_refuse_unless(fits boolean, code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF fits IS NOT TRUE THEN
        PERFORM gate.refuse(code);
    END IF;
END $$;

-- The edge that stands for a pseudonym: the last one, unless it was ended.
CREATE FUNCTION public.customers_standing_edge(for_purpose text, of_pseudonym text) RETURNS public.customers_edge
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT last.* FROM (
        SELECT e.* FROM public.customers_edge e
        WHERE e.purpose = for_purpose AND e.pseudonym = of_pseudonym ORDER BY e.id DESC LIMIT 1) last
    WHERE NOT EXISTS (SELECT FROM public.customers_detachment d WHERE d.edge_id = last.id)
$$;

CREATE FUNCTION public.customers_add_edge(made public.customers_edge, journal bigint, head bytea) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    made.id := nextval('public.customers_edge_id_seq');
    made.at := gate.now();
    made.began_at := coalesce(made.began_at, made.at);
    made.chain := coalesce(made.chain, made.id);
    made.policy := policy.current_version();
    made.entry := gate.note(made.customer, 'identity.attached', jsonb_build_object('edge', made.id, 'purpose', made.purpose,
        'made_by', made.made_by, 'source', made.source, 'includes_before', made.includes_before), journal, head);
    INSERT INTO public.customers_edge (
        id, chain, pseudonym, purpose, customer, made_by, source, policy, includes_before, began_at, at, entry)
    VALUES (made.id, made.chain, made.pseudonym, made.purpose, made.customer, made.made_by, made.source, made.policy,
        made.includes_before, made.began_at, made.at, made.entry);
    RETURN made.id;
END $$;

CREATE FUNCTION public.customers_end_edge(
    ended public.customers_edge, how text, by_staff bigint, journal bigint, head bytea
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    INSERT INTO public.customers_detachment (edge_id, made_by, staff, at, entry)
    SELECT ended.id, how, by_staff, gate.now(), gate.note(ended.customer, 'identity.detached',
        jsonb_build_object('edge', ended.id, 'made_by', how), journal, head)
$$;

-- Whoever acts on a pseudonym acts alone on it; erasures wait, and a person who is gone is refused.
CREATE FUNCTION public.customers_lock_pseudonym(for_purpose text, of_pseudonym text, journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('customers.edge:' || for_purpose || ':' || of_pseudonym, 0));
    PERFORM gate.enter_gate(journal, head);
END $$;

-- Attach a pseudonym to a customer. One that belongs to somebody else stays theirs: the claim waits for staff.
CREATE FUNCTION public.customers_attach(
    of_pseudonym text, for_purpose text, of_customer uuid, how text, whence text, before boolean, journal bigint, head bytea
) RETURNS TABLE (edge bigint, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    stands public.customers_edge;
    wanted public.customers_edge;
BEGIN
    PERFORM public.customers_refuse_unless(of_pseudonym ~ '^[0-9a-f]{16,64}$', 'pseudonym_malformed');
    PERFORM public.customers_refuse_unless(how IN ('sign_in', 'signed_link', 'server_identify'), 'edge_maker_refused');
    PERFORM gate.require_declared(policy.current_version(), gate.term('purpose', for_purpose, 'purpose_undeclared'), 0::smallint);
    PERFORM public.customers_lock_pseudonym(for_purpose, of_pseudonym, journal, head);
    stands := public.customers_standing_edge(for_purpose, of_pseudonym);
    wanted.pseudonym := of_pseudonym;
    wanted.purpose := for_purpose;
    wanted.customer := of_customer;
    wanted.made_by := how;
    wanted.source := whence;
    wanted.includes_before := before;
    IF stands.id IS NULL THEN
        RETURN QUERY SELECT public.customers_add_edge(wanted, journal, head), 'attached';
    ELSIF stands.customer <> of_customer AND consent.whole_of(stands.customer) <> consent.whole_of(of_customer) THEN
        PERFORM public.customers_claim(stands.chain, wanted, journal, head);
        RETURN QUERY SELECT stands.id, 'conflict';
    ELSIF stands.customer = of_customer AND before AND NOT stands.includes_before THEN
        PERFORM public.customers_end_edge(stands, 'replaced', NULL, journal, head);
        wanted.began_at := stands.began_at;
        wanted.chain := stands.chain;
        RETURN QUERY SELECT public.customers_add_edge(wanted, journal, head), 'attached';
    ELSE
        RETURN QUERY SELECT stands.id, 'standing';
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION public.customers_attach TO amana_app;

-- Keep a claim that contradicts an edge, once for each claimant. A claim that staff decided before is not asked again.
CREATE FUNCTION public.customers_claim(
    against bigint, wanted public.customers_edge, journal bigint, head bytea
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.customers_conflict c WHERE c.edge_id = against AND c.customer = wanted.customer) THEN
        RETURN;
    END IF;
    INSERT INTO public.customers_conflict (id, edge_id, customer, made_by, source, policy, at, entry)
    SELECT n.id, against, wanted.customer, wanted.made_by, wanted.source, policy.current_version(), gate.now(),
        gate.note(wanted.customer, 'identity.claimed',
            jsonb_build_object('conflict', n.id, 'purpose', wanted.purpose, 'made_by', wanted.made_by), journal, head)
    FROM (SELECT nextval('public.customers_conflict_id_seq') AS id) n;
END $$;

-- End an edge of this customer: by the person, or by staff, whose session says who.
CREATE FUNCTION public.customers_detach(
    of_edge bigint, of_customer uuid, token text, journal bigint, head bytea
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    stands public.customers_edge;
    by_staff bigint := CASE WHEN token IS NOT NULL THEN public.customers_staff(token) END;
BEGIN
    SELECT * INTO stands FROM public.customers_edge e WHERE e.id = of_edge AND e.customer = of_customer;
    PERFORM public.customers_refuse_unless(stands.id IS NOT NULL, 'edge_unknown');
    PERFORM public.customers_lock_pseudonym(stands.purpose, stands.pseudonym, journal, head);
    IF (public.customers_standing_edge(stands.purpose, stands.pseudonym)).id IS DISTINCT FROM stands.id THEN
        RETURN false;
    END IF;
    PERFORM public.customers_end_edge(
        stands, CASE WHEN token IS NULL THEN 'customer' ELSE 'staff' END, by_staff, journal, head);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION public.customers_detach TO amana_app;

-- Take back that what was browsed before counts: the edge goes on from where it began.
CREATE FUNCTION public.customers_exclude_before(of_edge bigint, of_customer uuid, journal bigint, head bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    stands public.customers_edge;
BEGIN
    SELECT * INTO stands FROM public.customers_edge e WHERE e.id = of_edge AND e.customer = of_customer;
    PERFORM public.customers_refuse_unless(stands.id IS NOT NULL, 'edge_unknown');
    PERFORM public.customers_lock_pseudonym(stands.purpose, stands.pseudonym, journal, head);
    IF (public.customers_standing_edge(stands.purpose, stands.pseudonym)).id IS DISTINCT FROM stands.id
       OR NOT stands.includes_before THEN
        RETURN NULL;
    END IF;
    PERFORM public.customers_end_edge(stands, 'replaced', NULL, journal, head);
    stands.includes_before := false;
    RETURN public.customers_add_edge(stands, journal, head);
END $$;
GRANT EXECUTE ON FUNCTION public.customers_exclude_before TO amana_app;

-- The member of staff behind a session whose role may decide who is who.
CREATE FUNCTION public.customers_staff(token text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
BEGIN
    SELECT * INTO who FROM retailer.session_of(token);
    PERFORM public.customers_refuse_unless(who.staff IS NOT NULL AND who.role && ARRAY[
        policy.term_id('role', 'service'), policy.term_id('role', 'data_protection_officer')], 'role_refused');
    RETURN who.staff;
END $$;
