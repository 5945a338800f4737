"""What an office keeps, and how long: backup, restore, the ledger built anew, personal data forgotten."""
