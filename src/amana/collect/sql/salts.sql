-- Old salts go with the file they are in: a deleted row would stay readable on the disk until it is written over.
GRANT TRUNCATE ON public.collect_salt TO amana_app;
