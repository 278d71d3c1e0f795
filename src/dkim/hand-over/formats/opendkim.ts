import { type HandedFile, keyFilesOf, lines, MADE_BY, type SignerFormat, type SignerView } from '../signer-format.js'

/** opendkim.conf(5): KeyTable, SigningTable and RequireSafeKeys of OpenDKIM 2.11. It signs all mail with one algorithm, whatever the key. */
export const opendkim: SignerFormat = {
  title: 'OpenDKIM',
  place: '/etc/opendkim',
  user: 'opendkim',
  isRsaOnly: true,
  keyPaths: (id) => [keyPath(id)],
  files: (view) => [...openDkimTables(view), { path: 'for-opendkim.conf', text: settings(view.place) }],
  once: (place) => `take the lines of ${place}/for-opendkim.conf over into /etc/opendkim.conf`,
  reload: 'systemctl reload opendkim',
}

/** The keys and the two tables. */
export function openDkimTables({ domains, keys, place }: SignerView): HandedFile[] {
  const keyTable = domains.flatMap(({ name, signers, retiring }) =>
    [...signers, ...retiring].map(
      ({ selector, key }) => `${nameOf(selector, name)} ${name}:${selector}:${place}/${keyPath(key.id)}`,
    ),
  )
  const signingTable = domains.flatMap(({ name, signers }) =>
    signers.map(({ selector }) => `*@${name} ${nameOf(selector, name)}`),
  )
  return [
    ...keyFilesOf(keys, keyPath),
    { path: 'KeyTable', text: lines(`# ${MADE_BY}`, ...keyTable) },
    { path: 'SigningTable', text: lines(`# ${MADE_BY}`, ...signingTable) },
  ]
}

function settings(place: string): string {
  return lines(
    `# ${MADE_BY}`,
    '# For /etc/opendkim.conf, in place of Domain, Selector and KeyFile; the tables change with the keys, these lines never.',
    `KeyTable            file:${place}/KeyTable`,
    `SigningTable        refile:${place}/SigningTable`,
    '# A domain may sign with several keys at once.',
    'MultipleSignatures  yes',
    'Mode                sv',
    'Canonicalization    relaxed/simple',
    'OversignHeaders     From',
    '# Refuses private keys that others can read.',
    'RequireSafeKeys     yes',
  )
}

function keyPath(id: string): string {
  return `keys/${id}.private`
}

function nameOf(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`
}
