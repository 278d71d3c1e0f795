import type { PlannedChange } from '../plan/plan.js'
import { inert } from './inert.js'

/** What an address owner answers with before a change, or after it, where nobody has set a PTR; undefined for what does not tell. */
export function defaultWords(kind: PlannedChange['kind'], name: string | undefined): string | undefined {
  if (kind === 'update' || (kind === 'create' && name === undefined)) return undefined
  const shown = name === undefined ? 'the provider default' : `provider default ${inert(name.replace(/\.$/, ''))}`
  return kind === 'create' ? `until now ${shown}` : `then ${shown} again`
}
