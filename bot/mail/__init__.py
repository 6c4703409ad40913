"""Letters to the named contacts: an outbox beside the tickets, the way out, the way back in."""
