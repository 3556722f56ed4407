#!/usr/bin/env bash
# Restore one backup into an empty database and an empty folder, then prove that it is whole. Also the drill:
#
#   createdb ace_drill
#   deploy/restore.sh /var/backups/ace_partners/20261124T023000Z ~/ace-key.txt postgresql:///ace_drill /tmp/ace_drill
#
# ace-key.txt is the private age key. Files arrive in FOLDER/files, the audit anchor beside them. Nothing is overwritten.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."
usage="deploy/restore.sh BACKUP AGE_PRIVATE_KEY_FILE DATABASE_URL FOLDER"
backup=${1:?"$usage"} key=${2:?"$usage"} database=${3:?"$usage"} folder=${4:?"$usage"}

stop() {
    echo "restore: $*" >&2
    exit 1
}
decrypt() { age --decrypt --identity "$key" "$backup/$1"; }
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$database" --command="$1"; }

(cd "$backup" && sha256sum --quiet --check SHA256SUMS) || stop "the backup is damaged."
[ "$(ask "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" = 0 ] || stop "the database is not empty."
[ -z "$(ls -A "$folder" 2>/dev/null)" ] || stop "$folder is not empty."

mkdir -p "$folder/files"
decrypt audit-anchor.jsonl.age >"$folder/audit-anchor.jsonl"
decrypt files.tar.age | tar --extract --directory="$folder/files"
decrypt database.dump.age |
    pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname="$database"

echo "Restored. Now the proof:"
stored=$(ask "SELECT count(*) FROM core_storedfile")
ask "SELECT sha256 || '  ' || path FROM core_storedfile" >"$folder/expected"
(cd "$folder/files" && { [ "$stored" = 0 ] || sha256sum --quiet --check ../expected; }) || stop "files are missing or differ."
rm "$folder/expected"
echo "$stored files are there, each with the content that the database names."
export DATABASE_URL=$database ACE_FILES_ROOT=$folder/files ACE_AUDIT_ANCHOR=$folder/audit-anchor.jsonl
.venv/bin/python manage.py migrate --check || stop "the code and the restored database are of different versions."
.venv/bin/python manage.py verify_audit
