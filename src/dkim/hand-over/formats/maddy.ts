import { groupBy } from '../../../../records/group.js'
import { keyFilesOf, lines, MADE_BY, type SignerFormat } from '../signer-format.js'

/**
 * `modify.dkim` of maddy. A block has one selector, and signs with its first domain what has no sender (a bounce); so domains
 * that share a selector share a block.
 */
export const maddy: SignerFormat = {
  title: 'maddy',
  place: '/var/lib/maddy/dkim_keys',
  user: 'maddy',
  keyPaths: (id) => [keyPath(id)],
  files: ({ domains, keys, place }) => {
    const signers = domains.flatMap(({ name, signers }) =>
      signers.map(({ selector, key }) => ({
        name,
        selector,
        file: key.id === `${selector}._domainkey.${name}` ? '{selector}._domainkey.{domain}' : key.id,
      })),
    )
    const blocks = [...groupBy(signers, ({ selector, file }) => `${selector} ${file}`).values()].flatMap((own) => {
      const [{ selector, file } = { selector: '', file: '' }] = own
      return [
        'dkim {',
        `    domains ${own.map(({ name }) => name).join(' ')}`,
        `    selector ${selector}`,
        `    key_path ${place}/${keyPath(file)}`,
        '}',
      ]
    })
    return [...keyFilesOf(keys, keyPath), { path: 'dkim.conf', text: lines(`# ${MADE_BY}`, ...blocks) }]
  },
  once: (place) => `in maddy.conf, in the modify block of outgoing mail, write: import ${place}/dkim.conf`,
  reload: 'systemctl reload maddy',
}

function keyPath(id: string): string {
  return `keys/${id}.key`
}
