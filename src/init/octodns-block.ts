import { CLASS_PATH, moduleOf, packageOf } from '../../providers/octodns/plugins.js'
import { operatorDraft } from '../import/source/operator-draft.js'
import { octodnsPlugin } from '../observe/dns-operators.js'
import type { ProviderGuess } from './dns-view.js'

/**
 * An octoDNS class by its name alone, be it in place of a class of ours (`octodns_gandi.GandiProvider`) or as its option
 * `provider`, with the block that it wants; anything else as it is.
 */
export function withOctodnsBlock({ class: type, options, ...rest }: ProviderGuess): ProviderGuess {
  const { provider } = options
  const named = type.startsWith('octodns_') ? type : type === 'octodns' && typeof provider === 'string' ? provider : ''
  if (!CLASS_PATH.test(named)) return { ...rest, class: type, options }
  const known = octodnsPlugin(named)
  const block = known
    ? operatorDraft({ title: '', class: 'octodns', octodns: known }).options
    : { provider: { class: named } }
  return { ...rest, class: 'octodns', options: { ...options, ...block } }
}

/** What has to be installed for an octoDNS class, as a person types it; undefined for any other provider. */
export function installation({ class: type, options }: ProviderGuess): string | undefined {
  const className = (options.provider as { readonly class?: unknown } | undefined)?.class
  if (type !== 'octodns' || typeof className !== 'string') return undefined
  const module = moduleOf(className)
  const distribution = octodnsPlugin(className)?.package ?? packageOf(module) ?? module
  return `python3 -m venv .venv && .venv/bin/pip install octodns ${distribution}`
}
