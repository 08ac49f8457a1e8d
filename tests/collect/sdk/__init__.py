"""Other people's libraries, as they come, against the running server."""
