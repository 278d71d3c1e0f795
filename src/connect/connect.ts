import type { Account } from '../../providers/calls/account.js'
import { builtInClasses } from '../../providers/index.js'
import type { Provider, ProviderPlugin } from '../../providers/provider.js'
import type { Finding, SpecPath } from '../../records/finding.js'
import type { Name } from '../../records/rr/name.js'
import { ARPA } from '../../records/rr/reverse.js'
import type { MailSpec, ProviderSpec } from '../../records/spec.js'
import { type Locate, type Problem, toProblem } from '../problem.js'
import type { Watch } from '../watch/watch.js'
import { answerOf } from './answer-of.js'
import { withAnswers } from './answers.js'
import { adapterBug, connectError } from './connect-error.js'
import { resolveEnv } from './env-values.js'
import { type MemoryPlace, memoryBesideTheSpec, type ZoneMemory } from './memory/zone-memory.js'
import { loadPlugin } from './plugin/load-plugin.js'
import { optionFindings } from './plugin/option-findings.js'
import { isSecret, secretsOf } from './secrets.js'
import { notedCalls, SILENCE, signsOfWork } from './signs-of-work.js'
import { toldProvider } from './told-provider.js'

/** A provider of the spec, ready to read and write. */
export interface Connected {
  readonly name: string
  /** With the facts that only the connection knows. */
  readonly plugin: ProviderPlugin
  readonly provider: Provider
  /** Where what is owned at it is remembered, if not in its zones. */
  readonly memory?: ZoneMemory
  /** Whose calls these are, where they are counted. */
  readonly account?: Account
  /** Of a provider of zones that keeps PTRs of its own addresses as well, where the spec has some there. */
  readonly addressOwner?: Connected
}

/** The side of a provider that holds a zone: the reverse names of its addresses are not among its zones. */
export function holderOf(connected: Connected, zone: Name): Connected {
  return zone === ARPA ? (connected.addressOwner ?? connected) : connected
}

/** A provider whose options are right and which is not connected yet. */
export interface Prepared {
  readonly name: string
  readonly plugin: ProviderPlugin
  /** Throws what {@link connectError} makes of what the adapter throws. */
  connect(): Promise<Connected>
}

/** Takes what an option that is declared `secret` has: mostly text. */
export type OnSecret = (value: unknown) => void

interface Context {
  /** Absolute folder of the spec. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly locate: Locate
  readonly onSecret?: OnSecret
  /** Absolute folder; an adapter that is a file outside of it is not loaded. */
  readonly within?: string
  /** What the calls of all of them are told to. */
  readonly watch?: Watch | undefined
  /** Whether a finding only follows from an error that was told already. */
  readonly isFollowUp?: (finding: Finding) => boolean
}

/** Loads the adapters that zones of the spec use and checks their options, reporting every problem; connects nothing. */
export async function prepareProviders(
  spec: MailSpec,
  context: Context,
): Promise<{ prepared: Prepared[]; problems: Problem[] }> {
  const results = await Promise.all(
    [...spec.providers].flatMap(([name, provider]) => {
      const use = { zones: zonesAt(spec, name), ownsAddresses: spec.addressOwners?.has(name) ?? false }
      return use.zones.length > 0 || use.ownsAddresses ? prepare(name, provider, use, context) : []
    }),
  )
  return {
    prepared: results.flatMap(({ prepared }) => prepared ?? []),
    problems: results.flatMap(({ problems }) => problems),
  }
}

/** What the spec has a provider for. */
interface Use {
  readonly zones: readonly (Name | '*')[]
  readonly ownsAddresses: boolean
}

function zonesAt({ zones, otherZones }: MailSpec, provider: string): Use['zones'] {
  const declared = [...zones].filter(([, { targets }]) => targets.includes(provider)).map(([zone]) => zone)
  return otherZones?.targets.includes(provider) ? [...declared, '*'] : declared
}

async function prepare(
  name: string,
  { class: type, options: raw, from }: ProviderSpec,
  use: Use,
  { directory, env, locate, onSecret, within, watch, isFollowUp }: Context,
): Promise<{ prepared?: Prepared; problems: Problem[] }> {
  const report = (rule: string, path: SpecPath, message: string, hint: string): Problem =>
    toProblem(
      { rule, severity: 'error', from: [...from, ...path], message: `provider ${name}: ${message}`, hint },
      locate,
    )
  const plugin = await loadPlugin(type, directory, within)
  if ('error' in plugin) {
    const isTold = isFollowUp?.({ rule: 'provider-class', severity: 'error', from: [...from, 'class'], message: '' })
    return { problems: isTold ? [] : [report('provider-class', ['class'], plugin.error, plugin.hint)] }
  }
  if (plugin.traits.serves === 'addresses' && use.zones.length > 0)
    return {
      problems: use.zones.map((zone) =>
        toProblem(
          {
            rule: 'provider-without-zones',
            severity: 'error',
            from: ['zones', zone, 'targets'],
            message: `${name} (class ${type}) holds no zones, only the PTRs of its addresses`,
            hint: `name a DNS provider here, and write \`reverse: ${name}\` at the hosts whose addresses it has`,
          },
          locate,
        ),
      ),
    }
  const { options: input, missing, found } = resolveEnv(raw, env)
  for (const secret of secretsOf(plugin, input, { env, found })) onSecret?.(secret)
  const unset = missing.map((one) =>
    one.isForeign
      ? report(
          'env-missing',
          one.path,
          'that is how another tool names a variable',
          'write env/NAME, with the name of the variable',
        )
      : report(
          'env-missing',
          one.path,
          `the environment variable ${one.name} is not set`,
          isSecret(plugin, one.path)
            ? 'set it; the spec is no place for a secret'
            : `set it, or write env/${one.name}/default`,
        ),
  )
  let options: unknown
  try {
    options = plugin.options(input)
  } catch (error) {
    const findings = findingsOf(name, error, { plugin, input, missing, from })
    const wrong = findings.map((finding) =>
      toProblem({ ...finding, message: `provider ${name}: ${finding.message}` }, locate),
    )
    return { problems: [...unset, ...wrong] }
  }
  if (unset.length > 0) return { problems: unset }
  const zones = use.zones.filter((zone): zone is Name => zone !== '*')
  const place = { directory, within, watch, isBuiltIn: builtInClasses.includes(type) }
  const connect = async (): Promise<Connected> => {
    try {
      const own = await connectOne(name, plugin, options, zones, place)
      if (!use.ownsAddresses || !plugin.addressOwner) return own
      const addressOwner = { ...plugin, ...plugin.addressOwner }
      return { ...own, addressOwner: await connectOne(name, addressOwner, options, [], place) }
    } catch (error) {
      throw connectError(name, error, locate(from, 'key'))
    }
  }
  return { prepared: { name, plugin, connect }, problems: [] }
}

interface ConnectPlace extends Omit<MemoryPlace, 'provider'> {
  readonly watch?: Watch | undefined
  /** It comes with mailsync: it bounds its requests itself, some by an option of its own. */
  readonly isBuiltIn: boolean
}

async function connectOne(
  name: string,
  plugin: ProviderPlugin,
  options: unknown,
  zones: readonly Name[],
  { directory, within, watch, isBuiltIn }: ConnectPlace,
): Promise<Connected> {
  let account: Account | undefined
  const signs = signsOfWork()
  const watching = isBuiltIn ? undefined : { ...(watch?.silence ?? SILENCE), signs }
  const opened = watch?.openCalls(name, plugin.type, (one) => {
    account = one
  })
  const calls = opened && notedCalls(opened, signs)
  const provider = await answerOf(
    { provider: name, call: 'connect' },
    () =>
      plugin.connect(options, {
        directory,
        zones,
        ...(within === undefined ? {} : { within }),
        ...(calls && { calls }),
      }),
    { stop: watch?.signal, silence: watching && { signs, limit: watching.reading } },
  )
  const beside = plugin.traits.memory === 'beside-the-spec'
  return {
    name,
    plugin: Object.assign(Object.create(plugin), provider.facts),
    provider: toldProvider(name, withAnswers(name, provider, watching), watch),
    ...(account && { account }),
    ...(beside && { memory: memoryBesideTheSpec({ directory, provider: name, within }) }),
  }
}

function findingsOf(name: string, error: unknown, given: Parameters<typeof optionFindings>[1]): Finding[] {
  try {
    return optionFindings(error, given)
  } catch (bug) {
    throw adapterBug(name, bug)
  }
}
