import { type HandedFile, lines, MADE_BY, type SignerFormat } from '../signer-format.js'

/**
 * mailcow keeps its keys in Redis, one RSA key a domain, and takes them through its API (`POST /api/v1/add/dkim_import`): a
 * request a domain, and a script that sends them.
 */
export const mailcow: SignerFormat = {
  title: 'mailcow',
  place: '/root/mailcow-dkim',
  isRsaOnly: true,
  isOneKey: true,
  keyPaths: () => [],
  files: ({ domains }) => {
    const requests = domains.flatMap(({ name, signers }): { name: string; file: HandedFile }[] => {
      const [signer] = signers
      if (signer === undefined) return []
      const request = {
        domain: name,
        dkim_selector: signer.selector,
        private_key_file: signer.key.pem,
        overwrite_existing: '1',
      }
      const text = `${JSON.stringify(request)}\n`
      return [{ name, file: { path: `keys/${name}.json`, text, kind: 'private' } }]
    })
    const names = requests.map(({ name }) => name)
    return [...requests.map(({ file }) => file), { path: 'import.sh', text: script(names), kind: 'program' }]
  },
  once: () => 'make an API key that may write, in mailcow under Access, API',
  reload: 'MAILCOW_URL=https://mail.example.com MAILCOW_API_KEY=… ./import.sh',
}

/** Keys go by file and by stdin, so that no list of processes shows them. */
function script(domains: readonly string[]): string {
  return lines(
    '#!/bin/sh',
    `# ${MADE_BY}`,
    '# Gives mailcow the key of each domain in place of the one it has.',
    'set -eu',
    'cd "$(dirname "$0")"',
    'for name in MAILCOW_URL MAILCOW_API_KEY; do printenv "$name" >/dev/null || { echo "set $name" >&2; exit 1; }; done',
    'failed=0',
    'while read -r domain; do',
    '  answer=$(printf \'header = "X-API-Key: %s"\\n\' "$MAILCOW_API_KEY" |',
    '    curl -sS --config - -H "Content-Type: application/json" --data-binary "@keys/$domain.json" \\',
    '      "$MAILCOW_URL/api/v1/add/dkim_import") || answer=',
    '  case $answer in',
    '    *\'"type":"success"\'*) echo "$domain: its key signs" ;;',
    '    *) echo "$domain: mailcow did not take its key" >&2; failed=1 ;;',
    '  esac',
    'done <<DOMAINS',
    ...domains,
    'DOMAINS',
    'exit "$failed"',
  )
}
