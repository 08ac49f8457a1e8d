"""Amana: a customer platform in which the published privacy notice is the running configuration."""
