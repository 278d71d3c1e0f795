import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { quoteTxt } from '../../../records/rr/txt.js'
import { DOMAIN, ED25519, type Held, PASSING, RSA, STRANGE, type Variant } from './variants.js'

/** A message as it arrives. */
export interface Mail {
  /** What stands after the `@`, without the final dot. */
  readonly domain: string
  readonly text: string
  /** Of the key that signs, as its record has it. */
  readonly publicKey: string
  /** The envelope. */
  readonly from: string
  readonly ip: string
  readonly helo: string
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const strange = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const STANDING: Readonly<Record<string, string>> = {
  [RSA]: spki(rsa.publicKey).toString('base64'),
  [STRANGE]: spki(strange.publicKey).toString('base64'),
  [ED25519]: spki(ed25519.publicKey).subarray(-32).toString('base64'),
}

/** The lines of a zone file that serve a variant as `origin`, which has no final dot. */
export function zoneLines({ held }: Variant, origin: string): string {
  const all: Held = { ...PASSING, ...held }
  return Object.entries(all)
    .flatMap(([owner, values]) =>
      values.map((value) => `${owner === '@' ? '' : `${owner}.`}${origin}. ${recordOf(value, origin)}`),
    )
    .join('\n')
}

function recordOf(value: string, origin: string): string {
  const filled = Object.entries({ ...STANDING, [DOMAIN]: origin }).reduce(
    (text, [sign, meant]) => text.replaceAll(sign, meant),
    value,
  )
  return /^(A|AAAA|MX|CNAME) /.test(filled) ? filled : `TXT ${quoteTxt(filled as never)}`
}

/** A message of the domain of a variant, signed. */
export async function mailOf({ below, from: ip = '192.0.2.10', algorithm }: Variant, origin: string): Promise<Mail> {
  const domain = below === undefined ? origin : `${below}.${origin}`
  const from = `postmaster@${domain}`
  const headers = [
    `From: ${from}`,
    'To: you@example.net',
    'Subject: hello',
    `Date: ${SENT.toUTCString()}`,
    `Message-ID: <1@${domain}>`,
  ]
  const mail = `${headers.join('\r\n')}\r\n\r\nHello\r\n`
  const { privateKey } = algorithm === 'ed25519' ? ed25519 : rsa
  const signing = {
    signingDomain: domain,
    selector: 's1',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
  const { signatures, errors } = await dkimSign(mail, { signTime: SENT, signatureData: [signing] })
  if (errors[0]) throw errors[0].err
  const publicKey = STANDING[algorithm === 'ed25519' ? ED25519 : RSA] as string
  return { domain, text: signatures + mail, publicKey, from, ip, helo: `mail.${origin}` }
}

const SENT = new Date('2026-11-27T06:00:00Z')
