-- The floor plan of the database: one locked schema for each room of the lock, and `public` for the rooms above it.
-- Nothing in a locked schema is granted by default; each function is granted by name where it is written.
CREATE SCHEMA ledger;
CREATE SCHEMA policy;
CREATE SCHEMA retailer;
CREATE SCHEMA consent;
CREATE SCHEMA vault;
CREATE SCHEMA uses;
CREATE SCHEMA gate;

GRANT USAGE ON SCHEMA ledger, policy, retailer, consent, vault, uses, gate TO amana_definer, amana_app;
GRANT USAGE ON SCHEMA ledger, policy TO amana_sequencer, amana_publisher;
GRANT USAGE ON SCHEMA gate TO amana_sequencer;

-- PostgreSQL lets everybody execute a new function unless the role that makes it says otherwise.
ALTER DEFAULT PRIVILEGES FOR ROLE amana_definer REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE amana_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

ALTER DEFAULT PRIVILEGES FOR ROLE amana_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO amana_app;
ALTER DEFAULT PRIVILEGES FOR ROLE amana_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO amana_app;
ALTER DEFAULT PRIVILEGES FOR ROLE amana_owner IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO amana_app;
GRANT USAGE ON SCHEMA public TO amana_app;
-- The table of migrations exists before this file runs, so the default privileges never reach it.
REVOKE ALL ON public.django_migrations FROM amana_app;
GRANT SELECT ON public.django_migrations TO amana_app;
