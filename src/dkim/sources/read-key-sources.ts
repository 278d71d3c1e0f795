import { resolve } from 'node:path'
import pLimit from 'p-limit'
import { assertInside } from '../../../providers/files/inside.js'
import { MailsyncError } from '../../../records/error.js'
import type { Finding } from '../../../records/finding.js'
import { displayName } from '../../../records/rr/name.js'
import type { Domain, HeldKey, KeySource } from '../../../records/spec.js'
import { parseKeyText, parseSelector } from '../../config/build/build-dkim.js'
import { resolveEnv } from '../../connect/env-values.js'
import { type KeySourceClass, SECRET_OPTIONS } from './classes.js'
import { fileKeys } from './files.js'
import { boxKeys } from './mail-in-a-box.js'
import { mailcowKeys } from './mailcow.js'
import { opendkimKeys } from './opendkim.js'
import { rspamdKeys } from './rspamd.js'
import type { KeysOf, SourceContext, SourceKey } from './source.js'

interface Kind {
  readonly open: (context: SourceContext) => KeysOf
  /** Whether it is asked over the network. */
  readonly isRemote: boolean
  /** How a better key is made there. */
  readonly remedy: string
}

const KINDS: Readonly<Record<KeySourceClass, Kind>> = {
  mailcow: {
    open: mailcowKeys,
    isRemote: true,
    remedy: 'make one of 2048 bits in mailcow, with another selector (System, Configuration, Options, ARC/DKIM keys)',
  },
  'mail-in-a-box': {
    open: boxKeys,
    isRemote: true,
    remedy: 'upgrade the box: newer ones make keys of 2048 bits',
  },
  opendkim: {
    open: opendkimKeys,
    isRemote: false,
    remedy: 'make one beside it, opendkim-genkey -b 2048 -s NEW, and name it in the KeyTable',
  },
  rspamd: {
    open: rspamdKeys,
    isRemote: false,
    remedy: 'make one beside it, rspamadm dkim_keygen -b 2048 -s NEW, and have rspamd sign with it',
  },
  files: { open: fileKeys, isRemote: false, remedy: 'have its signer make one of 2048 bits, with another selector' },
}

/** Domains asked about at the same time. */
const PARALLEL = 8

export interface KeySourceOptions {
  /** Absolute folder of the spec. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether sources may be asked over the network. */
  readonly online: boolean
  readonly onSecret?: ((secret: string) => void) | undefined
  /** No file outside of it is read, and nothing is asked over the network: the spec is somebody else's. */
  readonly within?: string | undefined
  /** Aborts when sources have had their time. */
  readonly signal: AbortSignal
}

/**
 * The domains with the keys that their mail servers tell. Where one cannot be read, or has no key of the domain, the domain says so
 * (`keySource.failure`), and its DKIM records stay as they are.
 */
export async function readKeySources(
  domains: readonly Domain[],
  options: KeySourceOptions,
): Promise<{ readonly domains: readonly Domain[]; readonly findings: readonly Finding[] }> {
  const limit = pLimit(PARALLEL)
  const opened = new Map<string, KeysOf>()
  const findings: Finding[] = []
  const open = (source: KeySource): KeysOf => {
    const key = JSON.stringify([source.class, source.options])
    const known = opened.get(key) ?? openSource(source, options)
    opened.set(key, known)
    return known
  }
  const read = await Promise.all(
    domains.map((domain) =>
      limit(async (): Promise<Domain> => {
        const { keySource } = domain
        if (keySource === undefined) return domain
        const kind = KINDS[keySource.class as KeySourceClass]
        const isAsked = !kind.isRemote || (options.online && options.within === undefined)
        try {
          if (!isAsked) throw new MailsyncError('unavailable', `${keySource.class} is asked online only`)
          const keys = heldKeys(await open(keySource)(domain.name), domain, kind.remedy)
          findings.push(...twice(keys, domain))
          const own = new Set(domain.heldKeys.map(({ selector }) => selector))
          return { ...domain, heldKeys: [...domain.heldKeys, ...keys.filter(({ selector }) => !own.has(selector))] }
        } catch (error) {
          if (!(error instanceof MailsyncError)) throw error
          const late = options.signal.aborted ? new MailsyncError('timeout', 'it does not answer in time') : error
          findings.push(unread(late, domain, keySource, isAsked))
          return { ...domain, keySource: { ...keySource, failure: late.message } }
        }
      }),
    ),
  )
  return { domains: read, findings }
}

function openSource(
  { class: name, options: written }: KeySource,
  { env, onSecret, directory, within, signal }: KeySourceOptions,
): KeysOf {
  const { options, missing, found } = resolveEnv(written, env)
  for (const { path, value } of found) if (SECRET_OPTIONS.includes(String(path[0]))) onSecret?.(value)
  if (missing.length > 0)
    throw new MailsyncError('authentication', `${missing.map((one) => one.name).join(', ')} is not set`, {
      hint: 'set the variable where mailsync runs',
    })
  if (options.url !== undefined && !URL.canParse(String(options.url)))
    throw new MailsyncError('usage', 'its url is no URL', { hint: 'write it whole: https://mail.example.com' })
  const pathOf = (file: string): string => {
    const path = resolve(directory, file)
    if (within !== undefined) assertInside(within, path)
    return path
  }
  return KINDS[name as KeySourceClass].open({ options, pathOf, signal })
}

/** Throws `rejected` where a source tells no key, or what is none: that nothing is there is never taken for a wish to delete it. */
function heldKeys(told: readonly SourceKey[], { name, keySource }: Domain, remedy: string): readonly HeldKey[] {
  if (told.length === 0) throw new MailsyncError('rejected', `it has no key of ${displayName(name)}`)
  return told.map(({ selector: text, txt: value }): HeldKey => {
    const selector = parseSelector(text)
    const txt = parseKeyText(value)
    for (const one of [selector, txt]) if (typeof one !== 'string') throw new MailsyncError('rejected', one.error)
    return { selector: selector as string, record: { txt: txt as string }, remedy, from: keySource?.from ?? [] }
  })
}

function twice(keys: readonly HeldKey[], { heldKeys: written, keySource }: Domain): Finding[] {
  return written
    .filter(({ selector }) => keys.some((key) => key.selector === selector))
    .map(({ selector, from }) => ({
      rule: 'dkim-key-twice',
      severity: 'error',
      from,
      atKey: true,
      message: `${keySource?.class} has a key at the selector ${selector} too, and a selector has one (RFC 6376 §3.6.2.2)`,
      hint: 'remove it here',
    }))
}

function unread(error: MailsyncError, { name }: Domain, { class: source, from }: KeySource, isAsked: boolean): Finding {
  const stay = 'its DKIM records stay as they are'
  return {
    rule: 'dkim-source-unread',
    severity: isAsked ? 'warning' : 'note',
    from,
    message: `the DKIM keys of ${displayName(name)} are not known: ${source}: ${error.message}`,
    hint: isAsked
      ? `${stay}${error.hint === undefined ? '' : `; ${error.hint}`}`
      : '`mailsync plan` asks it; `compile --observe` does too',
  }
}
