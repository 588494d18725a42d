"""What happens with meetings: each verb is one transaction."""
