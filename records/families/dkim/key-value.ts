import type { DkimPublicKey } from './dkim-key.js'
import type { DkimRecord } from './read-dkim.js'

/** The text of a key record, as mailsync writes it. */
export function writeDkim({ keyType, publicKey, hashes, services, flags }: DkimRecord): string {
  const isForAll = services.includes('*')
  return [
    'v=DKIM1',
    `k=${keyType}`,
    ...(hashes === undefined ? [] : [`h=${hashes.join(':')}`]),
    ...(isForAll ? [] : [`s=${services.join(':')}`]),
    ...(flags.length === 0 ? [] : [`t=${flags.join(':')}`]),
    `p=${publicKey}`,
  ].join('; ')
}

/** The record of a key, as its state wants it. */
export function keyValue({ algorithm, state, publicKey, tags = {} }: DkimPublicKey): string {
  const list = (text: string | undefined): string[] | undefined => text?.split(':')
  const hashes = list(tags.h)
  return writeDkim({
    keyType: algorithm === 'ed25519' ? 'ed25519' : 'rsa',
    publicKey: state === 'revoked' ? '' : publicKey,
    ...(hashes && { hashes }),
    services: list(tags.s) ?? ['*'],
    flags: list(tags.t) ?? [],
  })
}
