"""The law as pure functions: facts and a day go in, a reasoned and cited answer comes out."""
