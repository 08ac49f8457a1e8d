"""The tables of the lake that hold figures: made with the others by its owner, filled by `counting`.

They hold what `events` holds and nothing more. `day` is a day of the retailer's, the one a visit began on.
"""

from typing import Final

VISITS: Final = """
    day DATE NOT NULL, visit INTEGER NOT NULL, source INTEGER NOT NULL, visitor BIGINT NOT NULL,
    started TIMESTAMP NOT NULL, hour TINYINT NOT NULL, arrival BOOLEAN NOT NULL, host VARCHAR NOT NULL,
    landing VARCHAR NOT NULL, referrer VARCHAR NOT NULL, utm_source VARCHAR NOT NULL, utm_medium VARCHAR NOT NULL,
    utm_campaign VARCHAR NOT NULL, country VARCHAR NOT NULL, device VARCHAR NOT NULL, browser VARCHAR NOT NULL,
    system VARCHAR NOT NULL, language VARCHAR NOT NULL, views INTEGER NOT NULL, engaged BIGINT NOT NULL"""
VIEWS: Final = """
    day DATE NOT NULL, visit INTEGER NOT NULL, source INTEGER NOT NULL, started TIMESTAMP NOT NULL,
    referrer VARCHAR NOT NULL, utm_campaign VARCHAR NOT NULL, country VARCHAR NOT NULL, device VARCHAR NOT NULL,
    host VARCHAR NOT NULL, path VARCHAR NOT NULL, title VARCHAR NOT NULL, viewed BOOLEAN NOT NULL,
    entry BOOLEAN NOT NULL, engaged INTEGER"""
# Which days are counted: from how many events that arrived on which day, how many events of visits that went on after
# midnight, and when.
COUNTED: Final = """
    day DATE NOT NULL, arrived DATE NOT NULL, events BIGINT NOT NULL, following BIGINT NOT NULL,
    counted_at TIMESTAMP NOT NULL"""
