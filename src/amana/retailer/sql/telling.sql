-- Whom the machine tells that something waits in a shop: who manages it, and who serves customers.
CREATE FUNCTION retailer.to_tell(token text, in_shop bigint)
RETURNS TABLE (id bigint, email text, name_ar text, name_en text, language text, roles text[], shops bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    who record;
BEGIN
    SELECT * INTO who FROM retailer.session_of(token);
    IF NOT policy.term_id('role', 'system') = ANY (who.role) THEN
        PERFORM retailer.refuse('role_missing');
    END IF;
    RETURN QUERY
        SELECT s.id, s.email, s.name_ar, s.name_en, s.language, retailer.role_names(r.roles), r.shops
        FROM retailer.staff s, retailer.roles_of(s.id) r
        WHERE s.active AND (r.shops IS NULL OR in_shop = ANY (r.shops))
            AND r.roles && ARRAY[policy.term_id('role', 'shop_manager'), policy.term_id('role', 'service')]
        ORDER BY s.id;
END $$;
GRANT EXECUTE ON FUNCTION retailer.to_tell(text, bigint) TO amana_app;
