"""The evidence matrix: what an employer must prove for each ground, by which exhibits and steps, and by when."""
