"""The edge that all services share: settings, Kafka, metrics, logs, processes. Knows no service."""
