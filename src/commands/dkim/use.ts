import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { keyId, lastKeyAt } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { markOf } from '../../../records/families/dkim/rotation/step.js'
import { takeStep } from '../../../records/families/dkim/rotation/take-step.js'
import { isEverywhere } from '../../../records/families/key-sight.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { changeKeys } from '../../dkim/keystore/change-keys.js'
import { keyFiles } from '../../dkim/keystore/key-files.js'
import { readPrivateHalf } from '../../dkim/keystore/private/private-half.js'
import type { Ring } from '../../dkim/rotation/rings.js'
import { look } from '../../dkim/rotation/rotate.js'
import { missingText } from '../../dkim/rotation/words.js'
import type { ExitCode } from '../../exit-code.js'
import { shownInstant } from '../../instant.js'
import type { Io } from '../../io.js'
import { print } from '../../render/text/print.js'
import { openSession, type Session } from '../../session.js'
import { placeNamed } from './place-named.js'

export interface DkimUseOptions {
  readonly config: string
  /** `SELECTOR`, or a domain and a selector. */
  readonly names: readonly string[]
  /** The signer uses it already, whatever DNS shows. */
  readonly force: boolean
  readonly resolver?: string | undefined
}

/** `mailsync dkim use`: says that a key signs from now on; the one before it retires. DNS is asked first, and stays as it is. */
export async function dkimUse(options: DkimUseOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const { domain, selector } = chosenKey(options.names, session)
  const key = keyNamed(domain, selector, session)
  if (key.state === 'signing') {
    print(io.err, `${selector} of ${displayName(domain)} signs already; nothing was changed.\n`)
    return 0
  }
  const dns = publicDns({ resolver: options.resolver })
  try {
    const ring = (await look(session, { dns, io })).find((one) => one.domain === domain)
    if (!options.force && ring) await assertVisible(key, ring, session, io)
  } finally {
    dns.close()
  }
  await readPrivateHalf(session.keysDirectory, key, [])
  const files = keyFiles(session.keysDirectory, domain)
  const now = io.now()
  const step = { kind: 'sign', algorithm: key.algorithm, ...markOf(key) } as const
  await changeKeys(files, io.signal, async (entries) => takeStep(entries, step, now))
  const before = session.keys.filter(
    (one) => one.domain === domain && one.algorithm === key.algorithm && one.state === 'signing',
  )
  const retired = before
    .map((one) => `; ${one.selector} retires, and stays in DNS for the mail that it signed`)
    .join('')
  print(io.err, `${selector} of ${displayName(domain)} signs from now on${retired}. Commit ${files.index}.\n`)
  return 0
}

function chosenKey(names: readonly string[], session: Session): { readonly domain: Name; readonly selector: string } {
  const [first = '', second] = names
  if (second !== undefined) return { domain: placeNamed(first, session), selector: second }
  const domains = [...new Set(session.keys.filter(({ selector }) => selector === first).map(({ domain }) => domain))]
  const [domain] = domains
  if (domain !== undefined && domains.length === 1) return { domain, selector: first }
  const which = domains.length === 0 ? 'no domain has a key with' : 'several domains have a key with'
  throw new MailsyncError('usage', `${which} the selector ${quoted(first)}`, {
    hint: 'mailsync dkim use DOMAIN SELECTOR; `mailsync dkim list` has them all',
  })
}

function keyNamed(domain: Name, selector: string, { keys }: Session): RingKey {
  const own = keys.filter((key) => key.domain === domain)
  const key = lastKeyAt(selector, own)
  const where = `${selector} of ${displayName(domain)}`
  if (key === undefined)
    throw new MailsyncError('usage', `the index has no key ${where}`, {
      hint: `it has ${[...new Set(own.map((one) => one.selector))].join(', ') || 'none yet: run `mailsync dkim generate`'}`,
    })
  if (
    key.state === 'published' ||
    key.state === 'signing' ||
    (key.state === 'retiring' && key.times.compromised === undefined)
  )
    return key
  throw new MailsyncError(
    'guard',
    `${where} is ${key.times.compromised === undefined ? key.state : 'compromised'}, and must not sign`,
    {
      hint: 'make a new key: mailsync dkim rotate --now DOMAIN',
    },
  )
}

/** Notes the first time that every server shows the key, from which on the TTL counts. */
async function assertVisible(key: RingKey, { sightOf }: Ring, { keysDirectory }: Session, io: Io): Promise<void> {
  const now = io.now()
  const sight = sightOf(keyId(key))
  const refuse = (why: string, hint: string): MailsyncError =>
    new MailsyncError('guard', `${key.selector} of ${displayName(key.domain)} must not sign yet: ${why}`, { hint })
  const force = 'with --force the index says so all the same, for a signer that uses it already'
  if (!isEverywhere(sight)) {
    throw refuse(
      missingText(sight),
      `publish it with \`mailsync apply\`, and wait until every server shows it; ${force}`,
    )
  }
  if (key.times.visible === undefined)
    await changeKeys(keyFiles(keysDirectory, key.domain), io.signal, async (entries) =>
      takeStep(entries, { kind: 'see', algorithm: key.algorithm, ...markOf(key) }, now),
    )
  const from = (key.times.visible ?? now) + sight.ttl
  if (now < from)
    throw refuse(
      `until ${shownInstant(from)} somebody may remember that it was not there`,
      `wait until then, or let \`mailsync dkim rotate\` do it; ${force}`,
    )
}
