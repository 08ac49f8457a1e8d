CREATE OR REPLACE TEMP TABLE lines AS
SELECT unnest(string_split(line, chr(10))) AS line
FROM postgres_query('inbox', 'SELECT line FROM public.collect_inbox_$slot
    WHERE ctid >= ''($begin,0)''::tid AND ctid < ''($end,0)''::tid')
