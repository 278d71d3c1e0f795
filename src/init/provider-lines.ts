import type { OptionDoc, ProviderPlugin } from '../../providers/provider.js'
import { type Place as OptionPlace, prepareOne } from '../connect/check/prepare-one.js'
import { resolveEnv } from '../connect/env-values.js'
import { loadPlugin } from '../connect/plugin/load-plugin.js'
import { type Remark, remark } from '../import/draft/remark.js'
import { draftProvider, variableFor } from '../import/source/provider-draft.js'
import type { ProviderDraft } from '../import/source/source.js'
import { type Problem, SpecErrors, unplaced } from '../problem.js'
import type { ProviderGuess } from './dns-view.js'
import { installation, withOctodnsBlock } from './octodns-block.js'

/** The provider of a new spec. */
export interface ProviderLines {
  readonly draft: ProviderDraft
  readonly plugin: ProviderPlugin
  /** The environment variables it needs, each with what it is to hold. */
  readonly variables: readonly (readonly [name: string, what: string])[]
  /** What has to be installed first, as a person types it in the folder of the spec. */
  readonly install?: string
}

type Options = Readonly<Record<string, unknown>>

interface Place extends OptionPlace {
  /** Asks for an option that is required and was not given; undefined where nobody can answer. */
  readonly ask?: (option: OptionDoc) => Promise<string>
}

/**
 * The lines of a provider: what was given, what is required or usual, secrets as `env/NAME`, and as comments the options it
 * has besides. What is missing or wrong is in the problems.
 */
export async function providerLines(
  wanted: ProviderGuess,
  { ask, ...place }: Place,
): Promise<ProviderLines | { problems: Problem[] }> {
  const { class: type, options: given } = withOctodnsBlock(wanted)
  const plugin = await loadPlugin(type, place.directory)
  if ('error' in plugin) return { problems: [unplaced('provider-class', `--class: ${plugin.error}`, plugin.hint)] }
  const options: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const option of plugin.optionDocs) {
    const { name, required, secret, usual } = option
    if (Object.hasOwn(given, name)) options[name] = given[name]
    else if (usual !== undefined) options[name] = usual
    else if (required && secret === true) options[name] = `env/${variableFor(type, name)}`
    else if (required && ask)
      Object.assign(options, withOctodnsBlock({ class: type, options: { [name]: await ask(option) } }).options)
    else if (required)
      problems.push(
        unplaced('init-missing', `${name} of ${type} is missing`, `--option ${name}=…  ${option.description}`),
      )
  }
  for (const [name, value] of Object.entries(given)) options[name] = value
  if (problems.length === 0) problems.push(...(await optionProblems(type, options, place)))
  if (problems.length > 0) return { problems }
  const draft = draftOf(plugin, type, options)
  const install = installation({ class: type, options })
  return { draft, plugin, variables: variablesOf(plugin, draft.options), ...(install !== undefined && { install }) }
}

/** What the adapter says of the options, but for variables that are yet to be set. */
async function optionProblems(type: string, options: Options, place: OptionPlace): Promise<Problem[]> {
  try {
    await prepareOne({ name: type, type, options }, place)
    return []
  } catch (error) {
    if (error instanceof SpecErrors) return error.problems.filter(({ rule }) => rule !== 'env-missing')
    throw error
  }
}

function draftOf(plugin: ProviderPlugin, type: string, options: Options): ProviderDraft {
  const { optionDocs } = plugin
  const secrets = optionDocs.flatMap(({ name, secret }) => (secret === true ? name : []))
  const name = type === 'yaml' ? 'local' : /^[a-z][\w-]*$/.test(type) ? type : 'dns'
  const draft = draftProvider(name, type, options, secrets)
  const others = optionDocs.filter((option) => !Object.hasOwn(options, option.name))
  const unsaid = Object.fromEntries(others.map((option) => [option.name, undefined]))
  const about = optionDocs.flatMap((option): Remark[] => {
    const [variable, ...more] = variablesIn(draft.options[option.name])
    const isTold = draft.remarks.some(({ key }) => key === option.name)
    if (Object.hasOwn(unsaid, option.name)) return [remark(option.name, lineOf(option))]
    if (variable === undefined || isTold) return []
    const isAll = typeof draft.options[option.name] === 'string'
    return [
      remark(option.name, `${sentence(option)} Set ${isAll ? `${variable} to it` : [variable, ...more].join(', ')}.`),
    ]
  })
  return { ...draft, options: { ...draft.options, ...unsaid }, remarks: [...draft.remarks, ...about] }
}

/** An option that may be added, as it would be written. */
function lineOf({ name, default: fallback, secret, description }: OptionDoc): string {
  const value = secret === true ? 'env/NAME' : fallback !== undefined && /^[\w.:/-]+$/.test(fallback) ? fallback : '…'
  return `${name}: ${value}  (${description}${value === '…' && fallback !== undefined ? `; without it ${fallback}` : ''})`
}

function sentence({ description }: OptionDoc): string {
  return `${description.slice(0, 1).toUpperCase()}${description.slice(1)}.`
}

function variablesOf({ optionDocs }: ProviderPlugin, options: Options): (readonly [string, string])[] {
  return Object.entries(options).flatMap(([key, value]) =>
    resolveEnv({ [key]: value }, {}).missing.map(({ name, path }) => {
      const isAll = path.length === 1
      const what = isAll
        ? optionDocs.find((option) => option.name === key)?.description
        : `${path.slice(1).join('.')} in ${key}`
      return [name, what ?? key] as const
    }),
  )
}

/** The environment variables that have to be set for a value. */
function variablesIn(value: unknown): string[] {
  return resolveEnv({ value }, {}).missing.map(({ name }) => name)
}
