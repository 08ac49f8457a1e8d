"""The event API: Segment's wire under `/v1/`, answered without Django and only after the events are committed."""
