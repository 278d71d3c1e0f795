import { type Address, type AddressError, parseAddress } from '../../records/rr/address.js'
import { displayName, isWithin, type Name, type NameError, parseHostname, parseName } from '../../records/rr/name.js'
import { includeOf, includeOfRelay, relayNames } from '../config/relays.js'
import { didYouMean, suggest } from '../config/suggest.js'
import { type Problem, unplaced } from '../problem.js'

/** What receives mail: a host of this spec, a service, other servers, or nothing. */
export const RECEIVERS = ['here', 'google', 'microsoft', 'elsewhere', 'nothing'] as const
export type Receiver = (typeof RECEIVERS)[number]

/** What sends mail: a host of this spec, and services whose SPF is included; nothing where there is neither. */
export interface Senders {
  readonly here: boolean
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
  const include = texts
    .filter((text) => text !== 'here' && text !== 'nothing')
    .flatMap((text) => {
      const name = readRelay(text)
      if (typeof name === 'string' && name !== domain) return [name]
      const error = typeof name === 'string' ? `${displayName(name)} cannot include its own SPF` : name.error
      problems.push(unplaced('name', `--sends: ${error}`, typeof name === 'string' ? undefined : name.hint))
      return []
    })
  return { here: texts.includes('here'), include: [...new Set(include)] }
}

/** The SPF to include for a relay: by its name, by one of its servers, or as it is written. */
export function readRelay(text: string): Name | NameError {
  const known = includeOfRelay(text.toLowerCase())
  const name = parseName(known ?? text)
  if (typeof name !== 'string') return name
  if (known === undefined && !text.includes('.')) {
    const near = suggest(text, ['here', 'nothing', ...relayNames])
    const list = didYouMean(text, ['here', 'nothing', ...relayNames])
    const hint = near === undefined ? `${list}; or the domain whose SPF is included, such as _spf.example.net` : list
    return { rule: 'name', error: `there is no relay ${JSON.stringify(text)}`, hint }
  }
  const included = includeOf(displayName(name))
  return included === undefined || name.startsWith('_') ? name : (`${included}.` as Name)
}

/** What has to be told and was not; the hint is the flag for it. */
export function missing(message: string, hint: string): Problem {
  return unplaced('init-missing', message, hint)
}
