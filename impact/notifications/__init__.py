"""The mails of this room, by noun: rows in the outbox, written in the transaction of the change."""
