-- Claims that wait for staff: the pseudonym still belongs to somebody else, who was not found to be the same person meanwhile.
CREATE VIEW public.customers_open_conflict AS
SELECT c.id, c.edge_id, e.purpose, e.pseudonym, stands.customer AS holder, c.customer, c.made_by, c.source, c.at
FROM public.customers_conflict c
JOIN public.customers_edge e ON e.id = c.edge_id
JOIN public.customers_edge stands ON stands.chain = e.id AND stands.purpose = e.purpose AND stands.pseudonym = e.pseudonym
LEFT JOIN consent.together h ON h.customer = stands.customer
LEFT JOIN consent.together t ON t.customer = c.customer
WHERE coalesce(h.whole, stands.customer) <> coalesce(t.whole, c.customer)
    AND NOT EXISTS (SELECT FROM public.customers_settlement s WHERE s.conflict_id = c.id)
    AND NOT EXISTS (SELECT FROM public.customers_detachment d WHERE d.edge_id = stands.id);

-- Who a pseudonym stands for, as one set: read whole, filtered or joined, never called once for each row.
-- `starts_at` null: everything counts; else nothing before it. `until`: somebody else claims the pseudonym since then, and what came
-- after counts for nobody before staff have decided.
CREATE VIEW public.customers_identity AS
SELECT e.id AS edge, e.purpose, e.pseudonym, e.customer, coalesce(t.whole, e.customer) AS whole,
    CASE WHEN NOT e.includes_before THEN e.began_at END AS starts_at, asked.until
FROM public.customers_edge e
LEFT JOIN public.customers_detachment d ON d.edge_id = e.id
LEFT JOIN consent.together t ON t.customer = e.customer
LEFT JOIN (SELECT c.edge_id, min(c.at) AS until FROM public.customers_open_conflict c GROUP BY c.edge_id) asked
    ON asked.edge_id = e.chain
WHERE d.edge_id IS NULL;

CREATE VIEW public.customers_whole AS SELECT t.customer, t.whole FROM consent.together t;

REVOKE ALL ON public.customers_identity, public.customers_open_conflict, public.customers_whole FROM amana_app;
GRANT SELECT ON public.customers_identity, public.customers_open_conflict, public.customers_whole TO amana_app;
REVOKE ALL ON public.customers_edge, public.customers_detachment, public.customers_conflict, public.customers_settlement,
    public.customers_merge, public.customers_undo FROM amana_app;
GRANT SELECT ON public.customers_edge, public.customers_detachment, public.customers_conflict, public.customers_settlement,
    public.customers_merge, public.customers_undo TO amana_app;
REVOKE ALL ON SEQUENCE public.customers_edge_id_seq, public.customers_conflict_id_seq, public.customers_merge_id_seq FROM amana_app;
GRANT USAGE ON SCHEMA public TO amana_definer;
-- Nobody updates: a row is added, and goes with its person.
GRANT SELECT, INSERT, DELETE ON public.customers_edge, public.customers_detachment, public.customers_conflict,
    public.customers_settlement, public.customers_merge, public.customers_undo TO amana_definer;
GRANT USAGE ON SEQUENCE public.customers_edge_id_seq, public.customers_conflict_id_seq, public.customers_merge_id_seq TO amana_definer;
