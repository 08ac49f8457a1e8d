-- Who works for the retailer. Whoever changes anything here is named by a session token, never by a number.

-- Taken first and in turn, so that two administrators who dismiss each other leave one of them.
CREATE FUNCTION retailer.administrator(token text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('retailer.staff', 0));
    SELECT * INTO acting FROM retailer.session_of(token);
    IF acting.staff IS NULL OR NOT policy.term_id('role', 'administrator') = ANY (acting.role) THEN
        PERFORM retailer.refuse('role_missing');
    END IF;
    RETURN acting.staff;
END $$;

CREATE FUNCTION retailer.administrator_over(token text, staff bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting bigint := retailer.administrator(token);
BEGIN
    IF acting = staff THEN
        PERFORM retailer.refuse('own_account');
    ELSIF NOT EXISTS (SELECT FROM retailer.staff s WHERE s.id = administrator_over.staff) THEN
        PERFORM retailer.refuse('staff_unknown');
    END IF;
    RETURN acting;
END $$;

-- One limit holds for all roles of a person, so every role must be one that may be limited.
CREATE FUNCTION retailer.put_roles(staff bigint, roles text[], shops bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known int;
    limitable boolean;
BEGIN
    SELECT count(*), bool_and(p.may_limit_to_shops) INTO known, limitable
        FROM policy.role p JOIN policy.term t ON t.id = p.role AND t.kind = 'role'
        WHERE p.version = policy.current_version() AND t.name = ANY (roles) AND t.name <> 'system';
    IF known <> (SELECT count(DISTINCT n) FROM unnest(roles) n) THEN
        PERFORM retailer.refuse('role_unknown');
    ELSIF shops IS NOT NULL AND NOT coalesce(limitable, true) THEN
        PERFORM retailer.refuse('role_not_limitable');
    ELSIF cardinality(shops) = 0 OR EXISTS (SELECT FROM unnest(shops) n(shop) WHERE NOT EXISTS
            (SELECT FROM retailer.shop o WHERE o.id = n.shop)) THEN
        PERFORM retailer.refuse('shop_unknown');
    END IF;
    DELETE FROM retailer.staff_role r WHERE r.staff = put_roles.staff;
    INSERT INTO retailer.staff_role (staff, role, shops)
        SELECT DISTINCT put_roles.staff, policy.term_id('role', n), put_roles.shops FROM unnest(roles) n;
END $$;

CREATE FUNCTION retailer.put_staff(acting bigint, email text, name_ar text, name_en text, language text,
    verifier bytea, salt bytea, roles text[], shops bigint[], must_change boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added bigint;
BEGIN
    INSERT INTO retailer.staff (email, name_ar, name_en, language, verifier, salt, must_change, created_at)
    VALUES (lower(btrim(email)), name_ar, name_en, language, sha256(verifier), salt, must_change, ledger.now())
    ON CONFLICT DO NOTHING RETURNING id INTO added;
    IF added IS NULL THEN
        PERFORM retailer.refuse('staff_exists');
    END IF;
    PERFORM retailer.put_roles(added, roles, shops);
    PERFORM ledger.record('retailer.staff_added', 0, jsonb_build_object(
        'by', acting, 'staff', added, 'roles', to_jsonb(roles), 'shops', to_jsonb(shops)));
    RETURN added;
END $$;

CREATE FUNCTION retailer.add_staff(token text, email text, name_ar text, name_en text, language text,
    verifier bytea, salt bytea, roles text[], shops bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT retailer.put_staff(retailer.administrator(token), email, name_ar, name_en, language,
                              verifier, salt, roles, shops, true)
$$;
GRANT EXECUTE ON FUNCTION retailer.add_staff(text, text, text, text, text, bytea, bytea, text[], bigint[])
    TO amana_app;

CREATE FUNCTION retailer.add_staff_as_owner(email text, name_ar text, name_en text, language text,
    verifier bytea, salt bytea, roles text[], shops bigint[], must_change boolean) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT retailer.put_staff(NULL, email, name_ar, name_en, language, verifier, salt, roles, shops, must_change)
$$;
GRANT EXECUTE ON FUNCTION
    retailer.add_staff_as_owner(text, text, text, text, bytea, bytea, text[], bigint[], boolean) TO amana_owner;

CREATE FUNCTION retailer.rename_staff(token text, staff bigint, name_ar text, name_en text, language text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting bigint := retailer.administrator(token);
BEGIN
    UPDATE retailer.staff s SET name_ar = rename_staff.name_ar, name_en = rename_staff.name_en,
                                language = rename_staff.language
        WHERE s.id = rename_staff.staff;
    IF NOT FOUND THEN
        PERFORM retailer.refuse('staff_unknown');
    END IF;
    PERFORM ledger.record('retailer.staff_renamed', 0, jsonb_build_object('by', acting, 'staff', staff));
END $$;
GRANT EXECUTE ON FUNCTION retailer.rename_staff(text, bigint, text, text, text) TO amana_app;

CREATE FUNCTION retailer.set_roles(token text, staff bigint, roles text[], shops bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting bigint := retailer.administrator_over(token, staff);
BEGIN
    PERFORM retailer.put_roles(staff, roles, shops);
    PERFORM ledger.record('retailer.roles_set', 0, jsonb_build_object(
        'by', acting, 'staff', staff, 'roles', to_jsonb(roles), 'shops', to_jsonb(shops)));
END $$;
GRANT EXECUTE ON FUNCTION retailer.set_roles(text, bigint, text[], bigint[]) TO amana_app;

CREATE FUNCTION retailer.set_active(token text, staff bigint, active boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting bigint := retailer.administrator_over(token, staff);
BEGIN
    UPDATE retailer.staff s SET active = set_active.active WHERE s.id = set_active.staff;
    PERFORM retailer.end_sessions(staff);
    PERFORM ledger.record(CASE WHEN active THEN 'retailer.staff_reactivated' ELSE 'retailer.staff_deactivated' END,
                          0, jsonb_build_object('by', acting, 'staff', staff));
END $$;
GRANT EXECUTE ON FUNCTION retailer.set_active(text, bigint, boolean) TO amana_app;

-- For one's own sessions or, by an administrator, another's.
CREATE FUNCTION retailer.close_sessions(token text, staff bigint) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting bigint := (SELECT s.staff FROM retailer.session_of(token) s);
    ended int;
BEGIN
    IF acting IS DISTINCT FROM staff THEN
        acting := retailer.administrator_over(token, staff);
    END IF;
    ended := retailer.end_sessions(staff);
    PERFORM ledger.record('retailer.sessions_closed', 0,
                          jsonb_build_object('by', acting, 'staff', staff, 'count', ended));
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION retailer.close_sessions(text, bigint) TO amana_app;

CREATE FUNCTION retailer.put_password(acting bigint, staff bigint, verifier bytea, salt bytea, must_change boolean)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE retailer.staff s SET verifier = sha256(put_password.verifier), salt = put_password.salt,
                                must_change = put_password.must_change
        WHERE s.id = put_password.staff;
    PERFORM retailer.end_sessions(staff);
    PERFORM ledger.record('retailer.password_changed', 0, jsonb_build_object('by', acting, 'staff', staff));
END $$;

-- A new one for somebody who lost theirs: to be changed at the next sign-in.
CREATE FUNCTION retailer.reset_password(token text, staff bigint, verifier bytea, salt bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT retailer.put_password(retailer.administrator_over(token, staff), staff, verifier, salt, true)
$$;
GRANT EXECUTE ON FUNCTION retailer.reset_password(text, bigint, bytea, bytea) TO amana_app;

-- Proven by an attempt with the old password, under the same limits as signing in; ends every session.
CREATE FUNCTION retailer.change_password(attempt uuid, verifier bytea, salt bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    proven bigint := retailer.take_attempt(attempt);
BEGIN
    PERFORM retailer.put_password(proven, proven, verifier, salt, false);
END $$;
GRANT EXECUTE ON FUNCTION retailer.change_password(uuid, bytea, bytea) TO amana_app;

CREATE FUNCTION retailer.staff_list(token text)
RETURNS TABLE (id bigint, email text, name_ar text, name_en text, language text, active boolean,
               must_change boolean, roles text[], shops bigint[], last_seen_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM retailer.administrator(token);
    RETURN QUERY
        SELECT s.id, s.email, s.name_ar, s.name_en, s.language, s.active, s.must_change,
               retailer.role_names(r.roles), r.shops,
               (SELECT max(n.last_seen_at) FROM retailer.session n WHERE n.staff = s.id)
        FROM retailer.staff s, retailer.roles_of(s.id) r ORDER BY s.active DESC, s.name_en, s.id;
END $$;
GRANT EXECUTE ON FUNCTION retailer.staff_list(text) TO amana_app;

-- Names of the people one works with, for assigning and for "who did this".
CREATE FUNCTION retailer.colleagues(token text)
RETURNS TABLE (id bigint, name_ar text, name_en text, roles text[], active boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    PERFORM retailer.session_of(token);
    RETURN QUERY SELECT s.id, s.name_ar, s.name_en, retailer.role_names(r.roles), s.active
        FROM retailer.staff s, retailer.roles_of(s.id) r ORDER BY s.name_en, s.id;
END $$;
GRANT EXECUTE ON FUNCTION retailer.colleagues(text) TO amana_app;
