"""The shell of Amana: settings, addresses, console and portal frames, and the one stylesheet.

Uses no purpose of its own. Never reads personal data and never decides what may be read.
"""
