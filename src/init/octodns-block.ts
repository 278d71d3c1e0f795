import { operatorDraft } from '../import/source/operator-draft.js'
import { octodnsPlugin } from '../observe/dns-operators.js'
import type { ProviderGuess } from './dns-view.js'

/** The dotted path of a provider class of octoDNS. */
const PROVIDER_CLASS = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/

/**
 * An octoDNS class by its name alone, be it in place of a class of ours (`octodns_gandi.GandiProvider`) or as its option
 * `provider`, with the block that it wants; anything else as it is.
 */
export function withOctodnsBlock({ class: type, options, ...rest }: ProviderGuess): ProviderGuess {
  const { provider } = options
  const named = type.startsWith('octodns_') ? type : type === 'octodns' && typeof provider === 'string' ? provider : ''
  if (!PROVIDER_CLASS.test(named)) return { ...rest, class: type, options }
  const known = octodnsPlugin(named)
  const block = known
    ? operatorDraft({ title: '', class: 'octodns', octodns: known }).options
    : { provider: { class: named } }
  return { ...rest, class: 'octodns', options: { ...options, ...block } }
}
