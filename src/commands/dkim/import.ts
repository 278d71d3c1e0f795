import { publicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import { bitsOf, TRUSTED_BITS } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { takeStep } from '../../../records/families/dkim/rotation/take-step.js'
import { isEverywhere, type KeySight } from '../../../records/families/key-sight.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { changeKeys } from '../../dkim/keystore/change-keys.js'
import { keepOutOfGit } from '../../dkim/keystore/keep-out-of-git.js'
import { keyFiles } from '../../dkim/keystore/key-files.js'
import type { IndexEntry } from '../../dkim/keystore/key-index.js'
import { readIdentities } from '../../dkim/keystore/private/age.js'
import { readKeyMaterial } from '../../dkim/keystore/private/key-material.js'
import { importedKey, keepPrivateHalf } from '../../dkim/rotation/import-key.js'
import { ABSENT, EMPTY, observeKeys } from '../../dkim/rotation/observe-keys.js'
import { keyPlaces } from '../../dkim/rotation/rings.js'
import { missingText } from '../../dkim/rotation/words.js'
import { zoneServers } from '../../dkim/rotation/zone-servers.js'
import type { ExitCode } from '../../exit-code.js'
import type { Io } from '../../io.js'
import { inert } from '../../render/inert.js'
import { print } from '../../render/text/print.js'
import { openSession, type Session } from '../../session.js'
import { placeNamed } from './place-named.js'

export interface DkimImportOptions {
  readonly config: string
  readonly domain: string
  readonly files: readonly string[]
  readonly selector?: string | undefined
  /** A signer uses it already. */
  readonly signing: boolean
  readonly identity?: string | undefined
  readonly resolver?: string | undefined
}

/** `mailsync dkim import`: takes over a key that was made elsewhere. What DNS has at its selector must be that key, or nothing. */
export async function dkimImport(options: DkimImportOptions, io: Io): Promise<ExitCode> {
  const session = await openSession({ file: options.config, env: io.env, online: false })
  const domain = placeNamed(options.domain, session)
  const identities = options.identity === undefined ? [] : await readIdentities(options.identity)
  const material = await readKeyMaterial(options.files, identities)
  const imported = importedKey(material, domain, options.selector?.toLowerCase())
  const { selector, algorithm, publicKey } = imported
  const files = keyFiles(session.keysDirectory, domain)
  const title = `${selector} of ${displayName(domain)}`
  files.privateKey(selector)
  const place = keyPlaces(session).get(domain)
  const free = place?.shared?.selectors.filter(
    (one) => !session.keys.some((key) => key.domain === domain && key.selector === one),
  )
  if (place?.shared && !place.shared.selectors.includes(selector))
    throw new MailsyncError(
      'usage',
      `${selector} is no fixed selector of ${displayName(domain)}, so no domain leads to it`,
      {
        hint: `choose one that has had no key yet: --selector ${free?.join(' or ') || 'SELECTOR, after adding one to dkim.selectors'}`,
      },
    )
  if (place?.held.includes(selector))
    throw new MailsyncError('usage', `${title} is a key that somebody else holds: the spec has it under dkim.keys`, {
      hint: 'take it out there, if its private half is yours, and run this again: until then nothing of it changes in DNS',
    })
  const known = session.keys.find((key) => key.domain === domain && key.selector === selector)
  if (known !== undefined) {
    if (known.publicKey !== publicKey)
      throw new MailsyncError('guard', `the index has another key ${title}`, {
        where: { file: files.index },
        hint:
          free === undefined
            ? 'a selector keeps its key for good: give the other one a selector of its own'
            : `choose a selector that has had no key yet: ${free.join(', ') || 'add one to dkim.selectors'}`,
      })
    print(io.err, `The index has ${title} already; nothing was changed.\n`)
    return 0
  }
  const now = io.now()
  const sight = await seen(
    { domain, ...imported, state: 'published', times: { published: now }, holder: 'file' },
    session,
    options,
    io,
  )
  const isShown = isEverywhere(sight)
  const isNothing = (why: string): boolean => why === ABSENT || (why === EMPTY && place?.shared !== undefined)
  if (!isShown && sight.missing.some(({ why }) => !isNothing(why)))
    throw new MailsyncError('guard', `${title} is not what DNS has: ${missingText(sight)}`, {
      hint: 'nothing was imported; import the key that is in DNS, its tags too, or choose another --selector',
    })
  const recipients = place?.dkim.recipients ?? []
  await keepOutOfGit(session.keysDirectory)
  await changeKeys(files, io.signal, async (entries) => {
    const held = await keepPrivateHalf(files, material, imported, recipients)
    const entry: IndexEntry = {
      ...imported,
      ...held,
      state: 'published',
      times: { published: now, ...(isShown && { visible: now }) },
    }
    const all = [...entries, entry]
    return options.signing ? takeStep(all, { kind: 'sign', algorithm, selector }, now) : all
  })
  const next = isShown ? 'every server shows it' : 'it is not in DNS yet: run `mailsync apply`'
  print(
    io.err,
    `${inert(title)} is in the index, ${algorithm}, ${options.signing ? 'signing' : 'published'}; ${next}. Commit ${files.index}.\n`,
  )
  if ((bitsOf(algorithm) ?? TRUSTED_BITS) < TRUSTED_BITS)
    print(
      io.err,
      `It has ${bitsOf(algorithm)} bits, and receivers may not trust it (RFC 8301): turn to a new key with \`mailsync dkim rotate\`.\n`,
    )
  return 0
}

async function seen(key: RingKey, session: Session, { resolver }: DkimImportOptions, io: Io): Promise<KeySight> {
  const dns = publicDns({ resolver })
  try {
    const ttl = (domain: Name): number =>
      session.spec.domains.find(({ name }) => name === domain)?.ttl.dkim ?? session.spec.ttl
    const sights = await observeKeys([key], {
      client: dns.client,
      find: zoneServers(session.spec, dns),
      ttlOf: ttl,
      signal: io.signal,
    })
    return [...sights.values()][0] ?? { servers: [], missing: [], ttl: 0 }
  } finally {
    dns.close()
  }
}
