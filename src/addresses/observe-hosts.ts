import { dirname, resolve } from 'node:path'
import { cancelled } from '../../providers/refusal.js'
import { MailsyncError } from '../../records/error.js'
import { type Address, parseAddress, scopeOf } from '../../records/rr/address.js'
import { parseName } from '../../records/rr/name.js'
import type { Observation, SourceText } from '../config/address-source.js'
import { splitSource } from '../config/address-source.js'
import type { ObserveHosts } from '../config/load-config.js'
import type { Plan } from '../plan/plan.js'
import type { SourceContext } from './sources.js'

/** What a source must tell within, in milliseconds. */
const LIMIT = 10_000

export interface ObserveOptions extends Omit<SourceContext, 'directory'> {
  /** Path of the spec, in whose folder commands run. */
  readonly file: string
}

/** Observes the addresses of each host at the first of its sources that tells some which anybody may be reached at. */
export function observeHosts({ file, signal, ...rest }: ObserveOptions): ObserveHosts {
  const context = { ...rest, directory: dirname(resolve(file)) }
  const asked = new Map<SourceText, Promise<readonly Address[]>>()
  const ask = (source: SourceText): Promise<readonly Address[]> => {
    const known = asked.get(source) ?? lookAt(source)
    asked.set(source, known)
    return known
  }
  const lookAt = async (source: SourceText): Promise<readonly Address[]> => {
    const { kind, rest: place } = splitSource(source)
    const { SOURCES } = await import('./sources.js') // It loads the DNS client, which few runs need.
    const texts = await SOURCES[kind as keyof typeof SOURCES](place, {
      ...context,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]),
    })
    return publicAddresses(texts)
  }
  return async (hosts) => {
    const found = await Promise.all(
      [...hosts].map(async ([host, sources]) => [host, await firstOf(sources, ask, signal)] as const),
    )
    return new Map(found)
  }
}

/** What a saved plan was made with: nothing is asked again. */
export function observedBefore({ observed = [] }: Pick<Plan, 'observed'>): ObserveHosts {
  return async (hosts) => {
    const known = new Map(observed.map((one) => [keyText(one.host), one]))
    return new Map(
      [...hosts.keys()].map((host): [string, Observation] => {
        const { addresses = [], by, failure = 'the saved plan does not say them' } = known.get(keyText(host)) ?? {}
        return [host, by === undefined ? { failure } : { addresses: publicAddresses(addresses), by }]
      }),
    )
  }
}

function keyText(host: string): string {
  const name = parseName(host)
  return typeof name === 'string' ? name : host
}

async function firstOf(
  sources: readonly SourceText[],
  ask: (source: SourceText) => Promise<readonly Address[]>,
  signal: AbortSignal,
): Promise<Observation> {
  const failures: string[] = []
  for (const source of sources) {
    try {
      return { addresses: await ask(source), by: shown(source) }
    } catch (error) {
      if (signal.aborted) throw cancelled()
      if (!(error instanceof MailsyncError)) throw error
      failures.push(`${shown(source)}: ${error.message}`)
    }
  }
  return { failure: failures.join('; ') }
}

/** A source for people: of a URL neither what comes after `?` nor a password. */
function shown(source: SourceText): string {
  const { kind, rest } = splitSource(source)
  if (kind !== 'http') return source
  const { protocol, host, pathname } = new URL(rest)
  return `http:${protocol}//${host}${pathname}`
}

/** Reads what a source told. Throws `rejected` where it is no address, or one that nobody on the Internet could reach. */
function publicAddresses(texts: readonly string[]): readonly Address[] {
  const addresses = texts.map((text) => {
    const address = parseAddress(text)
    if (typeof address !== 'string') throw new MailsyncError('rejected', `it tells no address: ${address.error}`)
    const scope = scopeOf(address)
    if (scope === 'public') return address
    const what = { private: 'a private or shared', documentation: 'a documentation', special: 'no public' }[scope]
    throw new MailsyncError('rejected', `${address} is ${what} address, and is not published`)
  })
  if (addresses.length === 0) throw new MailsyncError('rejected', 'it tells no address')
  return [...new Set(addresses)].sort()
}
