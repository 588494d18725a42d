"""What happens in the network: each verb is one transaction."""
