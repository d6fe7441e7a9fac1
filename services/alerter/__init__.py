"""From events to alerts: match them to rules, judge what matched, publish what changed."""
