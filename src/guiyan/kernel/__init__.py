"""Pure values every room shares: results, money, the working calendar, deadlines, service length, identifiers."""
