"""Between the access rule (`govcrm.domain.access`) and the database: who asks, facts of a record, conditions of a list."""
