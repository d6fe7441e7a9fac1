"""What two stages must agree on: values, wire format, topics, errors. Pure: no I/O, no clock, no environment."""
