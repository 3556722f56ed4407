#!/usr/bin/env bash
# One encrypted backup: database, uploaded files, audit anchor. Run it as `ace`, every night:
#
#   deploy/backup.sh /var/backups/ace_partners age1…
#
# The second argument is the public key (age-keygen) whose private half is kept away from this machine: what is stolen
# here cannot be read, here or there. Copy the folder to another place afterwards. KEEP_DAYS (60) days are kept.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."
folder=${1:?"where to write: deploy/backup.sh FOLDER AGE_PUBLIC_KEY"}
recipient=${2:?"for whom to encrypt: deploy/backup.sh FOLDER AGE_PUBLIC_KEY"}
if [ -e .env ]; then
    set -a
    . ./.env
    set +a
fi
: "${ACE_FILES_ROOT:=$PWD/var/files}" "${ACE_AUDIT_ANCHOR:=$PWD/var/audit-anchor.jsonl}"
[[ ${DATABASE_URL:-} == postgres* ]] || { echo "backup: DATABASE_URL is not a PostgreSQL address." >&2; exit 1; }

name=$(date -u +%Y%m%dT%H%M%SZ)
work=$folder/.$name.part
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

encrypt() { age --encrypt --recipient "$recipient" --output "$work/$1"; }

# In this order: an anchor never knows more than the dump, and every row of the dump has its file.
[ -e "$ACE_AUDIT_ANCHOR" ] && cp "$ACE_AUDIT_ANCHOR" "$work/anchor"
touch "$work/anchor"
encrypt audit-anchor.jsonl.age <"$work/anchor"
rm "$work/anchor"
pg_dump --format=custom --no-owner --no-privileges --dbname="$DATABASE_URL" | encrypt database.dump.age
# Uploads go on meanwhile; tar says so with 1, and what is new belongs to the next backup.
mkdir -p "$ACE_FILES_ROOT"
{ tar --create --directory="$ACE_FILES_ROOT" --exclude='*.part' --exclude=./retries --exclude=.ready . || [ $? = 1 ]; } | encrypt files.tar.age
(cd "$work" && sha256sum ./*.age >SHA256SUMS)

mv "$work" "$folder/$name"
find "$folder" -mindepth 1 -maxdepth 1 -name '2*Z' -mtime +"${KEEP_DAYS:-60}" -exec rm -rf {} +
echo "Backup written: $folder/$name ($(du -sh "$folder/$name" | cut -f1))"
