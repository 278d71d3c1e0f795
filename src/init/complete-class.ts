import { loadBuiltIn, zoneClasses } from '../../providers/index.js'
import { readOptions } from '../connect/check/prepare-one.js'
import type { Problem } from '../problem.js'
import type { ProviderGuess } from './dns-view.js'
import type { Questions } from './questions.js'
import { type InitFlags, missing } from './told.js'

/** The provider that is to hold the zone: as it was told, else as is answered or the name servers suggest. */
export async function completeClass(
  { class: told, option }: Pick<InitFlags, 'class' | 'option'>,
  guess: ProviderGuess | undefined,
  questions: Questions | undefined,
): Promise<ProviderGuess | { problems: Problem[] }> {
  const type = told ?? (questions ? await askClass(guess?.class, questions) : guess?.class)
  if (type === undefined)
    return {
      problems: [
        missing(
          'the provider that holds the zone is missing',
          `--class ${zoneClasses.join('|')}, or ./my-adapter.js; with --option KEY=VALUE`,
        ),
      ],
    }
  const options = { ...(type === guess?.class ? guess.options : {}), ...readOptions(option) }
  return { class: type, options }
}

async function askClass(guess: string | undefined, questions: Questions): Promise<string> {
  const plugins = await Promise.all(zoneClasses.map(loadBuiltIn))
  const choices = plugins.flatMap((plugin) =>
    plugin ? [{ value: plugin.type, label: `${plugin.type}: ${plugin.description}` }] : [],
  )
  return questions.choose(
    'Who holds the zone?',
    choices,
    choices.some(({ value }) => value === guess) ? guess : undefined,
  )
}
