import { quoted } from '../../records/cut.js'
import { relayNamed, relayNames } from '../../records/relays/index.js'
import { relayOfInclude, relaysOfServer } from '../../records/relays/known-by.js'
import type { Relay } from '../../records/relays/relay.js'
import { type Address, type AddressError, parseAddress } from '../../records/rr/address.js'
import { displayName, isWithin, type Name, type NameError, parseHostname, parseName } from '../../records/rr/name.js'
import { didYouMean, suggest } from '../config/faults/suggest.js'
import { type Problem, unplaced } from '../problem.js'

/** What receives mail: a host of this spec, a service, other servers, or nothing. */
export const RECEIVERS = ['here', 'google', 'microsoft', 'elsewhere', 'nothing'] as const
export type Receiver = (typeof RECEIVERS)[number]

/** What sends mail: a host of this spec, relays, and others whose SPF is included; nothing where there is none of these. */
export interface Senders {
  readonly here: boolean
  readonly relays: readonly Relay[]
  readonly include: readonly Name[]
}

/** The command line of `init`, as it is written. */
export interface InitFlags {
  readonly domain?: string | undefined
  readonly zone?: string | undefined
  readonly host?: string | undefined
  readonly address: readonly string[]
  readonly receives?: string | undefined
  readonly mx: readonly string[]
  readonly sends: readonly string[]
  readonly class?: string | undefined
  /** `KEY=VALUE` each. */
  readonly option: readonly string[]
}

/** What a person has said so far. */
export interface Told {
  readonly domain?: Name
  readonly zone?: Name
  readonly host?: Name
  readonly addresses: readonly Address[]
  readonly receives?: Receiver
  readonly mx: readonly Name[]
  readonly sends?: Senders
}

/** Reads the flags; everything that is wrong with them is in `problems`. */
export function readFlags(flags: InitFlags): { told: Told; problems: Problem[] } {
  const problems: Problem[] = []
  const read = <T extends string>(
    flag: string,
    text: string | undefined,
    parse: (text: string) => T | NameError | AddressError,
  ): T | undefined => {
    const value = text === undefined ? undefined : parse(text)
    if (value === undefined || typeof value === 'string') return value
    problems.push(unplaced(value.rule, `${flag}: ${value.error}`, value.hint))
    return undefined
  }
  const domain = read('domain', flags.domain, parseHostname)
  const zone = read('--zone', flags.zone, parseName)
  if (domain !== undefined && zone !== undefined && !isWithin(domain, zone))
    problems.push(unplaced('name', `--zone: ${displayName(domain)} is not in the zone ${displayName(zone)}`))
  const host = read('--host', flags.host, parseHostname)
  const addresses = flags.address.flatMap((text) => read('--address', text, parseAddress) ?? [])
  const mx = flags.mx.flatMap((text) => read('--mx', text, parseHostname) ?? [])
  const receives = flags.receives as Receiver | undefined
  const sends = flags.sends.length === 0 ? undefined : readSenders(flags.sends, domain, problems)
  if (mx.length > 0 && receives !== undefined && receives !== 'elsewhere' && receives !== 'microsoft')
    problems.push(
      unplaced('usage', `--mx does not go with --receives ${receives}`, 'it names the servers of --receives elsewhere'),
    )
  return {
    problems,
    told: {
      ...(domain && { domain }),
      ...(zone && { zone }),
      ...(host && { host }),
      addresses,
      ...(receives && { receives }),
      mx,
      ...(sends && { sends }),
    },
  }
}

function readSenders(texts: readonly string[], domain: Name | undefined, problems: Problem[]): Senders {
  if (texts.includes('nothing') && texts.length > 1)
    problems.push(unplaced('usage', '--sends nothing does not go with other senders'))
  const read = texts
    .filter((text) => text !== 'here' && text !== 'nothing')
    .flatMap((text) => {
      const relay = readRelay(text)
      if (typeof relay === 'object' && 'error' in relay)
        problems.push(unplaced('name', `--sends: ${relay.error}`, relay.hint))
      else if (relay === domain)
        problems.push(unplaced('name', `--sends: ${displayName(domain)} cannot include its own SPF`))
      else return [relay]
      return []
    })
  return { here: texts.includes('here'), ...sendersOf(read) }
}

/** Each once. */
export function sendersOf(read: readonly (Relay | Name)[]): Omit<Senders, 'here'> {
  return {
    relays: [...new Set(read.filter((one) => typeof one === 'object'))],
    include: [...new Set(read.filter((one) => typeof one === 'string'))],
  }
}

/** A relay, by its name or by one of its servers; else the domain whose SPF is included, as it is written. */
export function readRelay(text: string): Relay | Name | NameError {
  const named = relayNamed(text.toLowerCase())
  if (named) return named
  const name = parseName(text)
  if (typeof name !== 'string') return name
  if (!text.includes('.')) {
    const near = suggest(text, ['here', 'nothing', ...relayNames])
    const list = didYouMean(text, ['here', 'nothing', ...relayNames])
    const hint = near === undefined ? `${list}; or the domain whose SPF is included, such as _spf.example.net` : list
    return { rule: 'name', error: `there is no relay ${quoted(text)}`, hint }
  }
  const bare = displayName(name)
  return relayOfInclude(bare) ?? (name.startsWith('_') ? undefined : relaysOfServer(bare)[0]) ?? name
}

/** What has to be told and was not; the hint is the flag for it. */
export function missing(message: string, hint: string): Problem {
  return unplaced('init-missing', message, hint)
}
