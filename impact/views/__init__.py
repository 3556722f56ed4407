"""Pages of this room: `projects` and `review` for ACE, `report` and `sections` for the partner, `files` for both."""
