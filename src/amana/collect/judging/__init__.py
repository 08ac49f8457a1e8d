"""What may be kept of an event: the policy's allow-list, applied to one message at a time."""
