"""One trigger made an event: who did what to whom, where, when, and whether it is told as happening at all."""
