"""What people see and what other programs read: a page, an API, a live stream. Reads topics, writes nothing to them."""
