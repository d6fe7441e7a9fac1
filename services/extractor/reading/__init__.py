"""What stands in each sentence: which are read at all, triggers, frames, speakers and figures; nothing decided."""
