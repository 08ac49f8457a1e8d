"""Show that the record was not altered: inside the database, by a kept copy, and from outside over HTTP."""
