import { keyFilesOf, lines, MADE_BY, type SignerFormat } from '../signer-format.js'

/**
 * The options `dkim_*` of Exim's smtp transport (4.94 and later, §58 of its specification): a list of selectors signs once for each. What is looked up is
 * not tainted, and a domain or file name from the message itself would be.
 */
export const exim: SignerFormat = {
  title: 'Exim',
  place: '/etc/exim4/dkim',
  user: 'Debian-exim',
  keyPaths: (id) => [keyPath(id)],
  files: ({ domains, keys, place }) => {
    const signing = domains.filter(({ signers }) => signers.length > 0)
    const selectors = signing.map(({ name, signers }) => `${name}: ${signers.map((one) => one.selector).join(' : ')}`)
    const files = domains.flatMap(({ name, signers, retiring }) =>
      [...signers, ...retiring].map(
        ({ selector, key }) => `${selector}._domainkey.${name}: ${place}/${keyPath(key.id)}`,
      ),
    )
    return [
      ...keyFilesOf(keys, keyPath),
      { path: 'key-files', text: lines(`# ${MADE_BY}`, ...files) },
      { path: 'selectors', text: lines(`# ${MADE_BY}`, ...selectors) },
      { path: 'transport', text: transport(place) },
    ]
  },
  once: (place) =>
    `write \`.include ${place}/transport\` into your smtp transport (on Debian remote_smtp, and remote_smtp_smarthost)`,
  reload: 'nothing has to be loaded again: Exim reads its tables for each message',
}

function transport(place: string): string {
  return lines(
    `# ${MADE_BY}`,
    '# The domain of From: signs, where it is in the table.',
    `dkim_domain = \${lookup {\${lc:\${domain:$h_from:}}} lsearch,ret=key {${place}/selectors}}`,
    `dkim_selector = \${lookup {$dkim_domain} lsearch {${place}/selectors}}`,
    `dkim_private_key = \${lookup {\${dkim_selector}._domainkey.\${dkim_domain}} lsearch {${place}/key-files}}`,
    'dkim_canon = relaxed',
    '# Mail that cannot be signed waits.',
    'dkim_strict = true',
  )
}

function keyPath(id: string): string {
  return `keys/${id}.pem`
}
