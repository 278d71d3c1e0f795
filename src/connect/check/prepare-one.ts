import { dirname, resolve } from 'node:path'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec, ProviderSpec } from '../../../records/spec.js'
import { plainScalar } from '../../../yaml/scalar.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { loadSpec } from '../../config/load-config.js'
import { type Locate, type Problem, SpecErrors } from '../../problem.js'
import { readSpecFile } from '../../session.js'
import type { Watch } from '../../watch/watch.js'
import { type OnSecret, type Prepared, prepareProviders } from '../connect.js'

type Options = Readonly<Record<string, unknown>>

/** Where a provider is read from. */
export interface Place {
  /** Absolute folder that its relative paths begin in. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onSecret?: OnSecret
  /** Absolute folder; an adapter that is a file outside of it is not loaded. */
  readonly within?: string
  /** What its calls are told to. */
  readonly watch?: Watch | undefined
  /** Of the spec that names it; without it, it is from the command line. */
  readonly locate?: Locate
}

/** A provider by itself, without a spec around it. */
export interface OneProvider {
  readonly name: string
  readonly type: string
  readonly options: Options
  /** Zones it is asked for; default: whichever it serves. */
  readonly zones?: readonly Name[]
  /** It is asked for its addresses, not for zones. */
  readonly ownsAddresses?: boolean
}

/** Options as `KEY=VALUE`, their values read as a spec reads them. */
export function readOptions(texts: readonly string[]): Options {
  const options = new Map<string, unknown>()
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(text) ?? []
    if (key === undefined || value === undefined)
      throw new MailsyncError('usage', '--option takes KEY=VALUE', { hint: 'for example --option host=192.0.2.53' })
    if (key === 'class')
      throw new MailsyncError('usage', 'the class has an option of its own', { hint: `write --class ${value}` })
    if (options.has(key)) throw new MailsyncError('usage', `--option ${key} is given twice`)
    options.set(key, plainScalar(value))
  }
  return Object.fromEntries(options)
}

/** A provider of a spec that exists, and the folder its relative paths begin in. */
export async function providerOf(
  file: string,
  name: string,
): Promise<{ readonly provider: ProviderSpec; readonly directory: string; readonly locate: Locate }> {
  const { spec, problems, locate } = await loadSpec(file, readSpecFile)
  const provider = spec?.providers.get(name)
  if (!spec || (!provider && problems.length > 0)) throw new SpecErrors(problems)
  if (!provider)
    throw new MailsyncError('usage', `${file} has no provider ${quoted(name)}`, {
      hint: didYouMean(name, [...spec.providers.keys()]),
    })
  return { provider, directory: dirname(resolve(file)), locate }
}

/** The command line has no lines. */
const nowhere: Locate = () => ({ file: '', line: 1, column: 1 })

/** Loads the adapter and checks its options. Throws {@link SpecErrors} with everything that is wrong. */
export async function prepareOne(
  { name, type, options, zones = [], ownsAddresses = false }: OneProvider,
  { locate = nowhere, ...place }: Place,
): Promise<Prepared> {
  const spec: MailSpec = {
    providers: new Map([[name, { class: type, options, from: ['providers', name] }]]),
    zones: new Map(zones.map((zone) => [zone, { targets: [name], from: ['zones', zone] }])),
    ...(ownsAddresses ? { addressOwners: new Set([name]) } : { otherZones: { targets: [name], from: [] } }),
    owner: false,
    keysDirectory: 'keys',
    ttl: 0,
    hosts: [],
    domains: [],
  }
  const { prepared, problems } = await prepareProviders(spec, { ...place, locate })
  const [one] = prepared
  if (!one) throw new SpecErrors(locate === nowhere ? problems.map(withoutPosition) : problems)
  return one
}

/** Whether it was refused because its class has no zones, only the PTRs of its addresses. */
export function isWithoutZones(error: unknown): boolean {
  return error instanceof SpecErrors && error.problems.some(({ rule }) => rule === 'provider-without-zones')
}

/** A problem of the command line, which has no lines. */
function withoutPosition({ where: _, ...problem }: Problem): Problem {
  return { hint: 'options are given as --option KEY=VALUE; `mailsync providers` lists them', ...problem }
}
