import * as z from 'zod'
import type { Provider, ProviderPlugin } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { SpecPath } from '../../records/finding.js'
import type { Name } from '../../records/name.js'
import type { MailSpec, ProviderSpec } from '../../records/spec.js'
import { type Locate, type Problem, toProblem } from '../problem.js'
import { explain } from '../spec/explain.js'
import { resolveEnv } from './env-values.js'
import { loadPlugin } from './load-plugin.js'

/** A provider of the spec, ready to read and write. */
export interface Connected {
  readonly name: string
  readonly plugin: ProviderPlugin
  readonly provider: Provider
}

/** A provider whose options are right and which is not connected yet. */
export interface Prepared {
  readonly name: string
  readonly plugin: ProviderPlugin
  connect(): Promise<Connected>
}

interface Context {
  /** Absolute folder of the spec. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly locate: Locate
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
  { directory, env, locate }: Context,
): Promise<{ prepared?: Prepared; problems: Problem[] }> {
  const report = (rule: string, path: SpecPath, message: string, hint: string): Problem =>
    toProblem(
      { rule, severity: 'error', path: [...from, ...path], message: `provider ${name}: ${message}`, hint },
      locate,
    )
  const plugin = await loadPlugin(type, directory)
  if ('error' in plugin) return { problems: [report('provider-class', ['class'], plugin.error, plugin.hint)] }
  const { options: input, missing } = resolveEnv(raw, env)
  if (missing.length > 0)
    return {
      problems: missing.map((one) =>
        report(
          'env-missing',
          one.path,
          `the environment variable ${one.name} is not set`,
          `set it, or write env/${one.name}/default`,
        ),
      ),
    }
  try {
    const options = plugin.options(input)
    const connect = async (): Promise<Connected> => ({
      name,
      plugin,
      provider: await plugin.connect(options, { directory, zones }),
    })
    return { prepared: { name, plugin, connect }, problems: [] }
  } catch (error) {
    return {
      problems: optionProblems(error, plugin, input, from).map((finding) => ({
        ...toProblem(finding, locate),
        message: `provider ${name}: ${finding.message}`,
      })),
    }
  }
}

function optionProblems(
  error: unknown,
  plugin: ProviderPlugin,
  input: unknown,
  from: SpecPath,
): ReturnType<typeof explain> {
  if (error instanceof z.ZodError) {
    const issues = error.issues.map((issue) =>
      valueAt(input, issue.path) === undefined ? ({ ...issue, input: undefined } as typeof issue) : issue,
    )
    return explain(issues, () => plugin.optionDocs.map((option) => option.name), from)
  }
  const { issues } = error as { issues?: readonly { path: SpecPath; message: string; hint?: string }[] }
  if (issues)
    return issues.map(({ path, message, hint }) => ({
      rule: 'provider-option',
      severity: 'error',
      path: [...from, ...path],
      message,
      ...(hint === undefined ? {} : { hint }),
    }))
  if (error instanceof MailsyncError)
    return [
      {
        rule: 'provider-option',
        severity: 'error',
        path: from,
        message: error.message,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      },
    ]
  throw error
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input)
}
