"""Tests of the event API."""
