"""What a consultation is: pure functions from a conversation and a message to the next conversation and a reply."""
