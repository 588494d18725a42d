"""What happens to a case: ask the policy, change, write the view log, return. One transaction."""
