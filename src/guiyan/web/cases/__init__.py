"""Cases of leaving, as manager, HR and legal see and answer them."""
