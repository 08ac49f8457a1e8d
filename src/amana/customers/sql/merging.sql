-- Which customers are one person: decided by a member of staff with a reason, and undone the same way. Nothing moves: every
-- edge and every decision stays with the customer it was made for, so that undoing leaves each as if it had never been.

-- Decisions about who is who are few; one at a time keeps the projection exact.
CREATE FUNCTION public.customers_lock_merges(journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('customers.merge', 0));
    PERFORM gate.enter_gate(journal, head);
END $$;

CREATE FUNCTION public.customers_merge(
    token text, into_one uuid, from_other uuid, why text, journal bigint, head bytea
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    by_staff bigint := public.customers_staff(token);
    made bigint := nextval('public.customers_merge_id_seq');
BEGIN
    PERFORM public.customers_refuse_unless(why ~ '\S', 'reason_missing');
    PERFORM public.customers_refuse_unless(into_one <> from_other, 'merge_of_one');
    PERFORM public.customers_lock_merges(journal, head);
    PERFORM public.customers_refuse_unless(
        consent.whole_of(into_one) = into_one AND consent.whole_of(from_other) = from_other, 'merge_of_part');
    PERFORM gate.note(into_one, 'identity.merged', jsonb_build_object('merge', made, 'stands', 'for both'), journal, head);
    PERFORM gate.note(from_other, 'identity.merged', jsonb_build_object('merge', made, 'stands', 'under the other'), journal, head);
    INSERT INTO public.customers_merge (id, survivor, other, staff, reason, at)
    VALUES (made, into_one, from_other, by_staff, why, gate.now());
    PERFORM consent.join_people(into_one, from_other);
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION public.customers_merge TO amana_app;

-- Whoever stands under a customer by merges that are not undone, and the customer.
CREATE FUNCTION public.customers_under(first uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE under (customer) AS (
        SELECT first
        UNION
        SELECT m.other FROM under u JOIN public.customers_merge m ON m.survivor = u.customer
        WHERE NOT EXISTS (SELECT FROM public.customers_undo n WHERE n.merge_id = m.id)
    )
    SELECT array_agg(u.customer) FROM under u
$$;

CREATE FUNCTION public.customers_undo(token text, of_merge bigint, why text, journal bigint, head bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    by_staff bigint := public.customers_staff(token);
    made public.customers_merge;
BEGIN
    PERFORM public.customers_refuse_unless(why ~ '\S', 'reason_missing');
    PERFORM public.customers_lock_merges(journal, head);
    SELECT * INTO made FROM public.customers_merge m WHERE m.id = of_merge
        AND NOT EXISTS (SELECT FROM public.customers_undo u WHERE u.merge_id = m.id);
    PERFORM public.customers_refuse_unless(made.id IS NOT NULL, 'merge_unknown');
    PERFORM gate.note(p.customer, 'identity.parted', jsonb_build_object('merge', made.id), journal, head)
    FROM unnest(ARRAY[made.survivor, made.other]) AS p (customer);
    INSERT INTO public.customers_undo (merge_id, staff, reason, at) VALUES (made.id, by_staff, why, gate.now());
    PERFORM consent.part_people(public.customers_under(made.other), made.other);
END $$;
GRANT EXECUTE ON FUNCTION public.customers_undo TO amana_app;

-- Decide a claim: the pseudonym stays where it is, or goes to whoever claimed it, from the moment of the claim.
CREATE FUNCTION public.customers_settle(
    token text, of_conflict bigint, outcome text, why text, journal bigint, head bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    by_staff bigint := public.customers_staff(token);
    asked public.customers_conflict;
    stands public.customers_edge;
BEGIN
    PERFORM public.customers_refuse_unless(why ~ '\S', 'reason_missing');
    SELECT * INTO asked FROM public.customers_conflict c WHERE c.id = of_conflict;
    PERFORM public.customers_refuse_unless(asked.id IS NOT NULL, 'conflict_unknown');
    SELECT * INTO stands FROM public.customers_edge e WHERE e.id = asked.edge_id;
    PERFORM public.customers_lock_pseudonym(stands.purpose, stands.pseudonym, journal, head);
    stands := public.customers_standing_edge(stands.purpose, stands.pseudonym);
    PERFORM public.customers_refuse_unless(stands.chain = asked.edge_id
        AND NOT EXISTS (SELECT FROM public.customers_settlement s WHERE s.conflict_id = asked.id), 'conflict_unknown');
    INSERT INTO public.customers_settlement (conflict_id, outcome, staff, reason, at)
    VALUES (asked.id, outcome, by_staff, why, gate.now());
    IF outcome = 'moved' THEN
        PERFORM public.customers_end_edge(stands, 'staff', by_staff, journal, head);
        stands.customer := asked.customer;
        stands.made_by := asked.made_by;
        stands.source := asked.source;
        stands.includes_before := false;
        stands.began_at := asked.at;
        stands.chain := NULL;
        PERFORM public.customers_add_edge(stands, journal, head);
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION public.customers_settle TO amana_app;

-- Remove whatever leads to a customer; whoever was held to be one with them stays whole. Returns how many rows went.
CREATE FUNCTION public.customers_forget(of_customer uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    merges bigint;
    claims bigint;
    edges bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('customers.merge', 0));
    merges := public.customers_forget_merges(of_customer);
    claims := public.customers_forget_claims(of_customer);
    WITH mine AS (SELECT e.id FROM public.customers_edge e WHERE e.customer = of_customer),
        ended AS (DELETE FROM public.customers_detachment d USING mine WHERE d.edge_id = mine.id),
        removed AS (DELETE FROM public.customers_edge e USING mine WHERE e.id = mine.id RETURNING e.id)
    SELECT count(*) INTO edges FROM removed;
    RETURN merges + claims + edges;
END $$;
GRANT EXECUTE ON FUNCTION public.customers_forget TO amana_app;

CREATE FUNCTION public.customers_forget_merges(of_customer uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    merged public.customers_merge;
    under uuid[];
    gone bigint := 0;
BEGIN
    FOR merged IN SELECT m.* FROM public.customers_merge m WHERE of_customer IN (m.survivor, m.other) LOOP
        gone := gone + 1;
        IF EXISTS (SELECT FROM public.customers_undo u WHERE u.merge_id = merged.id) THEN
            DELETE FROM public.customers_undo u WHERE u.merge_id = merged.id;
            DELETE FROM public.customers_merge m WHERE m.id = merged.id;
        ELSE
            under := public.customers_under(merged.other);
            DELETE FROM public.customers_merge m WHERE m.id = merged.id;
            PERFORM consent.part_people(under, merged.other);
        END IF;
    END LOOP;
    PERFORM consent.forget_together(of_customer);
    RETURN gone;
END $$;

CREATE FUNCTION public.customers_forget_claims(of_customer uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    WITH mine AS (
        SELECT c.id FROM public.customers_conflict c JOIN public.customers_edge e ON e.id = c.edge_id
        WHERE of_customer IN (c.customer, e.customer)
    ), decided AS (DELETE FROM public.customers_settlement s USING mine WHERE s.conflict_id = mine.id),
        removed AS (DELETE FROM public.customers_conflict c USING mine WHERE c.id = mine.id RETURNING c.id)
    SELECT count(*) INTO gone FROM removed;
    RETURN gone;
END $$;
