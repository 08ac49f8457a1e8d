-- Who is held to be one with whom. Written by the customers' functions alone; it moves no decision and no standing.

CREATE FUNCTION consent.whole_of(of_customer uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT t.whole FROM consent.together t WHERE t.customer = of_customer), of_customer)
$$;

-- Write down who stands under whom from now on, for those of whom something else was written down last.
CREATE FUNCTION consent.keep_held(people uuid[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    INSERT INTO consent.held (customer, whole, at, xid)
    SELECT p.customer, t.whole, ledger.now(), pg_current_xact_id()
    FROM unnest(people) AS p (customer) LEFT JOIN consent.together t ON t.customer = p.customer
    WHERE t.whole IS DISTINCT FROM (
        SELECT h.whole FROM consent.held h WHERE h.customer = p.customer ORDER BY h.id DESC LIMIT 1)
$$;

CREATE FUNCTION consent.join_people(survivor uuid, other uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE consent.together SET whole = survivor WHERE whole = other;
    INSERT INTO consent.together (customer, whole) VALUES (survivor, survivor), (other, survivor) ON CONFLICT DO NOTHING;
    PERFORM consent.keep_held(ARRAY(SELECT t.customer FROM consent.together t WHERE t.whole = survivor));
END $$;

-- Take some out of the whole they are in: they stand together under `first` from now on, and the rest as before.
CREATE FUNCTION consent.part_people(people uuid[], first uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before uuid := consent.whole_of(first);
    changed uuid[] := ARRAY(SELECT t.customer FROM consent.together t WHERE t.whole IN (first, before));
BEGIN
    UPDATE consent.together SET whole = first WHERE customer = ANY (people);
    DELETE FROM consent.together t
    WHERE t.whole IN (first, before) AND NOT EXISTS (
        SELECT FROM consent.together o WHERE o.whole = t.whole AND o.customer <> t.customer);
    PERFORM consent.keep_held(changed);
END $$;

CREATE FUNCTION consent.forget_together(of_customer uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM consent.together WHERE customer = of_customer;
    SELECT consent.keep_held(ARRAY[of_customer])
$$;

-- Forget that somebody was ever held to be one with others, once their record was verified. Of the others it stays true that they
-- were held together, under a name that says nothing.
CREATE FUNCTION consent.forget_held(of_customer uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    nobody uuid := gen_random_uuid();
BEGIN
    DELETE FROM consent.held WHERE customer = of_customer;
    UPDATE consent.held SET whole = nobody WHERE whole = of_customer;
END $$;
