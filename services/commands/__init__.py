"""What the commands of the command line do that are not a service: they put the services' pure parts together."""
