"""What a tenant adds to the law, and what was found with it: own figures, findings, accepted risks, notes, impact."""
