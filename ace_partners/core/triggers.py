"""Rows that the database itself refuses to change: one migration operation, for SQLite and PostgreSQL (design §4).

SQLite rebuilds a table when a migration alters it and silently drops the table's triggers. So every migration that
alters an immutable table repeats `ImmutableRows` as its last operation; a test compares the triggers present with the
models marked `immutable = True`.
"""

from django.db.migrations.operations.base import Operation

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ace_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'immutable row in %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def trigger_name(table, event):
    """`<table>_no_update` or `<table>_no_delete`."""
    return f"{table}_no_{event.lower()}"


class ImmutableRows(Operation):
    """Install the triggers that refuse UPDATE and DELETE on a model's table; safe to repeat.

    `once` is an SQL condition on OLD for rows that freeze at a moment of their life, such as an item whose checklist
    is published; without it a row is frozen from the moment it is written.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name, *, once=""):
        self.model_name, self.once = model_name, once

    def deconstruct(self):
        return self.__class__.__name__, [self.model_name], {"once": self.once} if self.once else {}

    def state_forwards(self, app_label, state):
        """The model's state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        self._drop(schema_editor, table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL_FUNCTION, params=None)  # its % is no placeholder
            if self.once:
                schema_editor.execute(self._conditional_function(table), params=None)
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(self._create_statement(schema_editor.connection.vendor, table, event))

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._drop(schema_editor, from_state.apps.get_model(app_label, self.model_name)._meta.db_table)

    def describe(self):
        return f"Refuse UPDATE and DELETE on {self.model_name}"

    def _conditional_function(self, table):
        """A trigger's own WHEN cannot hold a subquery on PostgreSQL; a function can."""
        return (
            f"CREATE OR REPLACE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self.once} THEN RAISE EXCEPTION 'immutable row in {table}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )

    def _create_statement(self, vendor, table, event):
        name = trigger_name(table, event)
        if vendor == "postgresql":
            function = f"{table}_refuse_change" if self.once else "ace_refuse_change"
            return f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}()'
        when = f" WHEN {self.once}" if self.once else ""
        return (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"{when} '
            f"BEGIN SELECT RAISE(ABORT, 'immutable row in {table}'); END"
        )

    @staticmethod
    def _drop(schema_editor, table):
        on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{trigger_name(table, event)}"{on_table}')


class NoNewRows(Operation):
    """Refuse a row that would join a frozen parent: an INSERT, or an UPDATE that moves it there; safe to repeat.

    `once` is an SQL condition on NEW that says when the parent is frozen.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name, *, once):
        self.model_name, self.once = model_name, once

    def deconstruct(self):
        return self.__class__.__name__, [self.model_name], {"once": self.once}

    def state_forwards(self, app_label, state):
        """The model's state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        self._drop(schema_editor, table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {table}_refuse_new() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {self.once} THEN RAISE EXCEPTION 'frozen parent of a row in {table}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
                params=None,
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_new_write" BEFORE INSERT OR UPDATE ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_new()"
            )
            return
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_new_{event.lower()}" BEFORE {event} ON "{table}" WHEN {self.once} '
                f"BEGIN SELECT RAISE(ABORT, 'frozen parent of a row in {table}'); END"
            )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._drop(schema_editor, from_state.apps.get_model(app_label, self.model_name)._meta.db_table)

    def describe(self):
        return f"Refuse rows of {self.model_name} that join a frozen parent"

    @staticmethod
    def _drop(schema_editor, table):
        on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        for suffix in ("write", "insert", "update"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_new_{suffix}"{on_table}')


class NoOverlap(Operation):
    """Refuse two rows of one group whose date ranges overlap; safe to repeat. Writers lock the group's row first.

    `NoOverlap("Period", group="project_id", start="starts_on", end="ends_on")`.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name, *, group, start, end):
        self.model_name, self.group, self.start, self.end = model_name, group, start, end

    def deconstruct(self):
        return self.__class__.__name__, [self.model_name], {"group": self.group, "start": self.start, "end": self.end}

    def state_forwards(self, app_label, state):
        """The model's state does not change."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        self._drop(schema_editor, table)
        clash = (  # names of our own models, never anybody's input
            f'SELECT 1 FROM "{table}" o WHERE o.{self.group} = NEW.{self.group} AND o.id <> COALESCE(NEW.id, -1) '  # noqa: S608
            f"AND o.{self.start} <= NEW.{self.end} AND o.{self.end} >= NEW.{self.start}"
        )
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {table}_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS ({clash}) THEN RAISE EXCEPTION 'overlapping rows in {table}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_overlap_write" BEFORE INSERT OR UPDATE ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_overlap()"
            )
            return
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_overlap_{event.lower()}" BEFORE {event} ON "{table}" WHEN EXISTS ({clash}) '
                f"BEGIN SELECT RAISE(ABORT, 'overlapping rows in {table}'); END"
            )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._drop(schema_editor, from_state.apps.get_model(app_label, self.model_name)._meta.db_table)

    def describe(self):
        return f"Refuse overlapping rows of {self.model_name}"

    @staticmethod
    def _drop(schema_editor, table):
        on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
        for suffix in ("write", "insert", "update"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_overlap_{suffix}"{on_table}')
