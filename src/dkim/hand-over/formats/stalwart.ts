import { createPrivateKey } from 'node:crypto'
import { isRsa, keyFilesOf, lines, MADE_BY, type SignerFormat } from '../signer-format.js'
import type { HandedKey } from '../signing-keys.js'

/** The settings `signature` and `auth.dkim.sign` of Stalwart up to 0.15, as TOML. */
export const stalwart: SignerFormat = {
  title: 'Stalwart',
  place: '/opt/stalwart/etc/dkim',
  user: 'stalwart',
  keyPaths: (id) => [keyPath(id)],
  files: ({ domains, keys, place }) => {
    const signing = domains.filter(({ signers }) => signers.length > 0)
    const signatures = signing.flatMap(({ name, signers }) =>
      signers.flatMap(({ selector, key }) => [
        '',
        `[signature."${selector}._domainkey.${name}"]`,
        `private-key = "%{file:${place}/${keyPath(key.id)}}%"`,
        `domain = "${name}"`,
        `selector = "${selector}"`,
        `algorithm = "${isRsa(key.algorithm) ? 'rsa-sha256' : 'ed25519-sha256'}"`,
        'canonicalization = "relaxed/relaxed"',
        'headers = ["From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID", "MIME-Version", "Content-Type"]',
        'set-body-length = false',
      ]),
    )
    const rules = signing.map(({ name, signers }) => {
      const names = signers.map(({ selector }) => `'${selector}._domainkey.${name}'`).join(', ')
      return `  { if = "listener != 'smtp' && sender_domain == '${name}'", then = "[${names}]" },`
    })
    const text = lines(
      `# ${MADE_BY}`,
      '# For config.toml of Stalwart up to 0.15. Mail that comes in from others (listener smtp) is not signed.',
      ...signatures,
      '',
      '[auth.dkim]',
      'sign = [',
      ...rules,
      '  { else = false }',
      ']',
    )
    return [...keyFilesOf(keys, keyPath, keyText), { path: 'dkim.toml', text }]
  },
  once: (place) => `have config.toml include it: [include] files = ["${place}/dkim.toml"]`,
  reload: 'stalwart-cli server reload-config',
}

/** RSA as PKCS#1, which every version reads. */
function keyText({ algorithm, pem }: HandedKey): string {
  return isRsa(algorithm) ? createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString() : pem
}

function keyPath(id: string): string {
  return `keys/${id}.pem`
}
