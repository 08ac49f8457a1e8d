"""Tests of taking events in over a deployment that runs as its product starts it."""
