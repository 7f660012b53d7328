#!/usr/bin/env bash
# Builds a commit on Toolforge, starts it, and waits until it answers. Run on a bastion as the tool (after `become <tool>`).
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: deploy-toolforge.sh REPOSITORY_URL [REF]

  REPOSITORY_URL  public https address of the git repository
  REF             branch, tag or commit (default: the repository's default branch)

Secrets and settings are set once with `toolforge envvars create NAME`: SECRET_KEY, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, DB_NAME,
PUBLIC_URL, SUPERADMIN_USERS, NODE_ENV=production; see the README.
TEXT
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
  '' | -*) usage >&2; exit 2 ;;
esac
[ $# -le 2 ] || { usage >&2; exit 2; }

command -v toolforge > /dev/null || { echo 'toolforge is not here: log in to a Toolforge bastion and become the tool' >&2; exit 1; }

repository=$1
ref=${2:-}
tool=$(id -un | sed 's/^tools\.//')
url=${PUBLIC_URL:-https://$tool.toolforge.org}

echo "Building $repository${ref:+ at $ref} …"
toolforge build start ${ref:+--ref "$ref"} "$repository"

# Restarting a web service that does not run starts it.
echo 'Starting …'
toolforge webservice buildservice restart --mount=none --health-check-path=/healthz

echo "Waiting for $url …"
for _ in $(seq 60); do
  if curl --silent --fail --max-time 5 --output /dev/null "$url/healthz"; then
    echo "$url answers."
    exit 0
  fi
  sleep 2
done
echo "$url/healthz has not answered for two minutes; see: toolforge webservice buildservice logs" >&2
exit 1
