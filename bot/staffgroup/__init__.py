"""The officers' own group on Telegram: who of the staff is who there, a thread a ticket, what is posted in it."""
