"""Benchmarks: each module with `run(full: bool) -> Result` is one, on a deployment made for it alone."""
