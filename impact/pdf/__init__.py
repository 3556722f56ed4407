"""The papers of this room: frozen facts in, bytes out. Always in French, the language of those whom they are about."""
