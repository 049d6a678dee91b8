"""The bare view that the people list is measured against: same server, same middleware, fifty rows, one template."""
