"""TARA, the state's sign-in (technical specification 1.21): off unless it is configured."""
