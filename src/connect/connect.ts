import type { Provider, ProviderPlugin } from '../../providers/provider.js'
import type { Finding, SpecPath } from '../../records/finding.js'
import type { Name } from '../../records/rr/name.js'
import type { MailSpec, ProviderSpec } from '../../records/spec.js'
import { memoryBesideTheSpec, type ZoneMemory } from '../memory/zone-memory.js'
import { type Locate, type Problem, toProblem } from '../problem.js'
import { answerOf, withAnswers } from './answers.js'
import { adapterBug, connectError } from './connect-error.js'
import { resolveEnv } from './env-values.js'
import { loadPlugin } from './load-plugin.js'
import { optionFindings } from './option-findings.js'
import { isSecret, secretsOf } from './secrets.js'

/** A provider of the spec, ready to read and write. */
export interface Connected {
  readonly name: string
  /** With the facts that only the connection knows. */
  readonly plugin: ProviderPlugin
  readonly provider: Provider
  /** Where what is owned at it is remembered, if not in its zones. */
  readonly memory?: ZoneMemory
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
}

/** Loads the adapters that zones of the spec use and checks their options, reporting every problem; connects nothing. */
export async function prepareProviders(
  spec: MailSpec,
  context: Context,
): Promise<{ prepared: Prepared[]; problems: Problem[] }> {
  const used = [...spec.providers].filter(([name]) =>
    [...spec.zones.values(), ...(spec.otherZones ? [spec.otherZones] : [])].some(({ targets }) =>
      targets.includes(name),
    ),
  )
  const results = await Promise.all(
    used.map(([name, provider]) => prepare(name, provider, zonesOf(spec, name), context)),
  )
  return {
    prepared: results.flatMap(({ prepared }) => prepared ?? []),
    problems: results.flatMap(({ problems }) => problems),
  }
}

function zonesOf(spec: MailSpec, provider: string): Name[] {
  return [...spec.zones].filter(([, { targets }]) => targets.includes(provider)).map(([zone]) => zone)
}

async function prepare(
  name: string,
  { class: type, options: raw, from }: ProviderSpec,
  zones: readonly Name[],
  { directory, env, locate, onSecret, within }: Context,
): Promise<{ prepared?: Prepared; problems: Problem[] }> {
  const report = (rule: string, path: SpecPath, message: string, hint: string): Problem =>
    toProblem(
      { rule, severity: 'error', from: [...from, ...path], message: `provider ${name}: ${message}`, hint },
      locate,
    )
  const plugin = await loadPlugin(type, directory, within)
  if ('error' in plugin) return { problems: [report('provider-class', ['class'], plugin.error, plugin.hint)] }
  const { options: input, missing, found } = resolveEnv(raw, env)
  for (const secret of secretsOf(plugin, input, { env, found })) onSecret?.(secret)
  const unset = missing.map((one) =>
    report(
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
  const connect = async (): Promise<Connected> => {
    try {
      const provider = await answerOf({ provider: name, call: 'connect' }, () =>
        plugin.connect(options, { directory, zones, ...(within && { within }) }),
      )
      const beside = plugin.traits.memory === 'beside-the-spec'
      const memory = beside ? memoryBesideTheSpec({ directory, provider: name, within }) : undefined
      return {
        name,
        plugin: Object.assign(Object.create(plugin), provider.facts),
        provider: withAnswers(name, provider),
        ...(memory && { memory }),
      }
    } catch (error) {
      throw connectError(name, error, locate(from, 'key'))
    }
  }
  return { prepared: { name, plugin, connect }, problems: [] }
}

function findingsOf(name: string, error: unknown, given: Parameters<typeof optionFindings>[1]): Finding[] {
  try {
    return optionFindings(error, given)
  } catch (bug) {
    throw adapterBug(name, bug)
  }
}
