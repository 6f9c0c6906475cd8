"""Makes the records that site tests need. Every factory takes overrides and returns the inserted document."""
