-- Who is held to be one with whom. Written by the customers' functions alone; it moves no decision and no standing.

CREATE FUNCTION consent.whole_of(of_customer uuid) RETURNS uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT t.whole FROM consent.together t WHERE t.customer = of_customer), of_customer)
$$;

CREATE FUNCTION consent.join_people(survivor uuid, other uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE consent.together SET whole = survivor WHERE whole = other;
    INSERT INTO consent.together (customer, whole) VALUES (survivor, survivor), (other, survivor) ON CONFLICT DO NOTHING;
END $$;

-- Take some out of the whole they are in: they stand together under `first` from now on, and the rest as before.
CREATE FUNCTION consent.part_people(people uuid[], first uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before uuid := consent.whole_of(first);
BEGIN
    UPDATE consent.together SET whole = first WHERE customer = ANY (people);
    DELETE FROM consent.together t
    WHERE t.whole IN (first, before) AND NOT EXISTS (
        SELECT FROM consent.together o WHERE o.whole = t.whole AND o.customer <> t.customer);
END $$;

CREATE FUNCTION consent.forget_together(of_customer uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM consent.together WHERE customer = of_customer
$$;
