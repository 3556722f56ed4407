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


def refuse_writes(schema_editor, table, name, condition, words):
    """Install the triggers `<table>_no_<name>_…` that refuse a row when `condition`, an SQL text on NEW, holds.

    A trigger's own WHEN cannot hold a subquery on PostgreSQL; a function can.
    """
    allow_writes(schema_editor, table, name)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{words} in {table}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            params=None,
        )
        schema_editor.execute(
            f'CREATE TRIGGER "{table}_no_{name}_write" BEFORE INSERT OR UPDATE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_{name}()"
        )
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(
            f'CREATE TRIGGER "{table}_no_{name}_{event.lower()}" BEFORE {event} ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{words} in {table}'); END"
        )


def allow_writes(schema_editor, table, name):
    """Take away what `refuse_writes` installed under this name, if it is there."""
    on_table = f' ON "{table}"' if schema_editor.connection.vendor == "postgresql" else ""
    for suffix in ("write", "insert", "update"):
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{name}_{suffix}"{on_table}')


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
        refuse_writes(schema_editor, table, "new", self.once, "frozen parent of a row")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        allow_writes(schema_editor, from_state.apps.get_model(app_label, self.model_name)._meta.db_table, "new")

    def describe(self):
        return f"Refuse rows of {self.model_name} that join a frozen parent"


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
        clash = (  # names of our own models, never anybody's input
            f'SELECT 1 FROM "{table}" o WHERE o.{self.group} = NEW.{self.group} AND o.id <> COALESCE(NEW.id, -1) '  # noqa: S608
            f"AND o.{self.start} <= NEW.{self.end} AND o.{self.end} >= NEW.{self.start}"
        )
        refuse_writes(schema_editor, table, "overlap", f"EXISTS ({clash})", "overlapping rows")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        allow_writes(schema_editor, from_state.apps.get_model(app_label, self.model_name)._meta.db_table, "overlap")

    def describe(self):
        return f"Refuse overlapping rows of {self.model_name}"
