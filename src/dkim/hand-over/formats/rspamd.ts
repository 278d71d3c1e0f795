import { createPrivateKey } from 'node:crypto'
import {
  type HandedFile,
  isRsa,
  keyFilesOf,
  lines,
  MADE_BY,
  type SignerFormat,
  type SignerView,
} from '../signer-format.js'
import type { HandedKey } from '../signing-keys.js'

/** The DKIM signing module of rspamd: `domain {}` with `selectors`, so that RSA and Ed25519 both sign. */
export const rspamd: SignerFormat = {
  title: 'rspamd',
  place: '/var/lib/rspamd/dkim',
  user: '_rspamd',
  keyPaths: (id) => [keyPath(id)],
  files: (view) => rspamdFiles(view, keyPath, 'dkim_signing.conf'),
  once: (place) => `ln -s ${place}/dkim_signing.conf /etc/rspamd/local.d/dkim_signing.conf`,
  reload: 'systemctl reload rspamd',
}

/** @param pathOf where a key lies below the place */
export function rspamdFiles(
  { domains, keys, place }: SignerView,
  pathOf: (id: string) => string,
  settingsPath: string,
): HandedFile[] {
  const blocks = domains
    .filter(({ signers }) => signers.length > 0)
    .flatMap(({ name, signers }) => [
      `  "${name}" {`,
      '    selectors [',
      ...signers.map(
        ({ selector, key }) => `      { selector = "${selector}"; path = "${place}/${pathOf(key.id)}"; },`,
      ),
      '    ]',
      '  }',
    ])
  const settings = lines(
    `# ${MADE_BY}`,
    'enabled = true;',
    '# The domain of From: decides, as written there: a subdomain signs as itself.',
    'use_domain = "header";',
    'use_esld = false;',
    'allow_hdrfrom_mismatch = true;',
    'allow_username_mismatch = true;',
    '# No domain signs but those below.',
    'try_fallback = false;',
    '# Says in the log where DNS has another key than the one that signs.',
    'check_pubkey = true;',
    'domain {',
    ...blocks,
    '}',
  )
  return [...keyFilesOf(keys, pathOf, keyText), { path: settingsPath, text: settings }]
}

/** RSA as PEM; of Ed25519 the seed and the public key in base64, which is how `rspamadm dkim_keygen` writes it. */
function keyText({ algorithm, pem }: HandedKey): string {
  if (isRsa(algorithm)) return pem
  const { d = '', x = '' } = createPrivateKey(pem).export({ format: 'jwk' })
  return Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')
}

function keyPath(id: string): string {
  return `keys/${id}.key`
}
