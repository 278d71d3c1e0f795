import { dirname, resolve } from 'node:path'
import { cancelled } from '../../../providers/refusal.js'
import { MailsyncError } from '../../../records/error.js'
import { type Address, parseAddress, scopeOf } from '../../../records/rr/address.js'
import { parseName } from '../../../records/rr/name.js'
import type { Observation, SourceGroup, SourceText } from '../../config/address-source.js'
import { splitSource } from '../../config/address-source.js'
import type { ObserveHosts } from '../../config/load-config.js'
import type { Plan } from '../../plan/plan.js'
import type { SourceContext } from './sources.js'

/** What a source must tell within, in milliseconds. */
const LIMIT = 10_000

export interface ObserveOptions extends Omit<SourceContext, 'directory' | 'providers'> {
  /** Path of the spec, in whose folder commands run. */
  readonly file: string
}

/** Observes the addresses of each host at the first of its sources, or of its groups of them, that tells some which anybody may be reached at. */
export function observeHosts({ file, signal, ...rest }: ObserveOptions): ObserveHosts {
  const directory = dirname(resolve(file))
  const asked = new Map<SourceText, Promise<readonly Address[]>>()
  const lookAt = async (source: SourceText, providers: SourceContext['providers']): Promise<readonly Address[]> => {
    const { kind, rest: place } = splitSource(source)
    const { sourceOf } = await import('./sources.js') // It loads the DNS client, which few runs need.
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)])
    return publicAddresses(await sourceOf(kind)(place, { ...rest, directory, providers, signal: limited }))
  }
  return async (hosts, providers) => {
    const ask = (source: SourceText): Promise<readonly Address[]> => {
      const known = asked.get(source) ?? lookAt(source, providers)
      asked.set(source, known)
      return known
    }
    const found = await Promise.all(
      [...hosts].map(async ([host, groups]) => [host, await firstOf(groups, ask, signal)] as const),
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

/** The addresses of the first group all of whose sources tell some. */
async function firstOf(
  groups: readonly SourceGroup[],
  ask: (source: SourceText) => Promise<readonly Address[]>,
  signal: AbortSignal,
): Promise<Observation> {
  const failures: string[] = []
  for (const group of groups) {
    const answers = await Promise.allSettled(group.map(ask))
    if (signal.aborted) throw cancelled()
    const failed = answers.flatMap((answer, index) =>
      answer.status === 'rejected' ? { source: group[index] as SourceText, error: asMailsyncError(answer.reason) } : [],
    )
    failures.push(...failed.map(({ source, error }) => `${shown(source)}: ${error.message}`))
    if (failed.some(({ error }) => error.code === 'spec')) return { failure: failures.join('; '), isMistake: true }
    if (failed.length > 0) continue
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    return {
      addresses: [...new Set(addresses)].sort(),
      by: group.map(shown).join(' and '),
      ...(failures.length > 0 && { missed: failures.join('; ') }),
    }
  }
  return { failure: failures.join('; ') }
}

function asMailsyncError(error: unknown): MailsyncError {
  if (error instanceof MailsyncError) return error
  throw error
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
