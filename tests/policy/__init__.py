"""The promise: parsed, compared, published and shown."""
