"""What the clock and the news of mail set going: in one process for one office, or by workers for many."""
