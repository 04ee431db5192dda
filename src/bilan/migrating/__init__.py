"""Moving a city's databases from SQLite to PostgreSQL without loss."""
