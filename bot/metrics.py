"""What the machine's keeper sees at /metrics; nothing of what was said."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

responses = Counter("policydesk_http_responses", "HTTP responses", ["status"])
replies = Counter("policydesk_replies", "Replies, by door and status", ["door", "status"])
turn_seconds = Histogram(
    "policydesk_turn_seconds", "From a message to its committed reply", buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2)
)
