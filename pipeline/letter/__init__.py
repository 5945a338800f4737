"""What is written to people: answers, reminders, the coordinator's own words, alarms; and how it becomes a mail."""
