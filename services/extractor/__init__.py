"""From articles to events: what each sentence says happened."""
