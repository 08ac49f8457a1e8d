-- The brand file, as Python has checked and completed it (amana.retailer.brandfile).

CREATE FUNCTION retailer.load_region(region jsonb, of_country text, at int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept bigint;
BEGIN
    INSERT INTO retailer.region (country, name_ar, name_en, position)
    VALUES (of_country, region #>> '{name,ar}', region #>> '{name,en}', at)
    ON CONFLICT (country, name_en) DO UPDATE SET name_ar = excluded.name_ar, position = excluded.position
    RETURNING id INTO kept;
    INSERT INTO retailer.shop (slug, name_ar, name_en, region, timezone, position)
    SELECT s ->> 'slug', s #>> '{name,ar}', s #>> '{name,en}', kept, s ->> 'timezone', n
        FROM jsonb_array_elements(region -> 'shops') WITH ORDINALITY e(s, n)
    ON CONFLICT (slug) DO UPDATE SET name_ar = excluded.name_ar, name_en = excluded.name_en,
        region = excluded.region, timezone = excluded.timezone, position = excluded.position, open = true;
END $$;

CREATE FUNCTION retailer.load_country(country jsonb, at int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    region record;
BEGIN
    IF NOT EXISTS (SELECT FROM policy.term t
                   WHERE t.kind = 'jurisdiction' AND t.name = country ->> 'jurisdiction') THEN
        PERFORM retailer.refuse('jurisdiction_undeclared');
    END IF;
    INSERT INTO retailer.country (code, name_ar, name_en, jurisdiction, position)
    VALUES (country ->> 'code', country #>> '{name,ar}', country #>> '{name,en}', country ->> 'jurisdiction', at)
    ON CONFLICT (code) DO UPDATE SET name_ar = excluded.name_ar, name_en = excluded.name_en,
        jurisdiction = excluded.jurisdiction, position = excluded.position;
    FOR region IN SELECT e.r, e.n FROM jsonb_array_elements(country -> 'regions') WITH ORDINALITY e(r, n) LOOP
        PERFORM retailer.load_region(region.r, country ->> 'code', region.n::int);
    END LOOP;
END $$;

CREATE FUNCTION retailer.load_brand(file jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    brand jsonb := file -> 'brand';
    country record;
BEGIN
    INSERT INTO retailer.brand (slug, name_ar, name_en, accent, service_address)
    VALUES (brand ->> 'slug', brand #>> '{name,ar}', brand #>> '{name,en}', brand ->> 'accent',
            brand ->> 'service_address')
    ON CONFLICT ("only") DO UPDATE SET slug = excluded.slug, name_ar = excluded.name_ar,
        name_en = excluded.name_en, accent = excluded.accent, service_address = excluded.service_address;
    UPDATE retailer.shop SET open = false WHERE open;
    FOR country IN SELECT e.c, e.n FROM jsonb_array_elements(file -> 'countries') WITH ORDINALITY e(c, n) LOOP
        PERFORM retailer.load_country(country.c, country.n::int);
    END LOOP;
    PERFORM ledger.record('retailer.brand_loaded', 0, jsonb_build_object(
        'brand', brand ->> 'slug', 'shops', (SELECT count(*) FROM retailer.shop WHERE open)));
END $$;
GRANT EXECUTE ON FUNCTION retailer.load_brand(jsonb) TO amana_owner;

CREATE FUNCTION retailer.brand_shown()
RETURNS TABLE (slug text, name_ar text, name_en text, accent text, service_address text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT b.slug, b.name_ar, b.name_en, b.accent, b.service_address FROM retailer.brand b
$$;
GRANT EXECUTE ON FUNCTION retailer.brand_shown() TO amana_app;

CREATE FUNCTION retailer.shop_list()
RETURNS TABLE (id bigint, slug text, name_ar text, name_en text, region_ar text, region_en text, country text,
               country_ar text, country_en text, jurisdiction text, timezone text, open boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT s.id, s.slug, s.name_ar, s.name_en, r.name_ar, r.name_en, c.code, c.name_ar, c.name_en,
           c.jurisdiction, s.timezone, s.open
    FROM retailer.shop s JOIN retailer.region r ON r.id = s.region JOIN retailer.country c ON c.code = r.country
    ORDER BY c.position, r.position, s.position, s.id
$$;
GRANT EXECUTE ON FUNCTION retailer.shop_list() TO amana_app;
