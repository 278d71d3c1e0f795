import { relays } from './index.js'
import type { Relay } from './relay.js'
import { inputsIn } from './template.js'

/** What relays mostly have in the DNS of a domain that uses them: for looking around where DNS lists nothing. */
export interface UsualNames {
  /** DKIM selectors. */
  readonly selectors: readonly string[]
  /** Names below the domain, without it, and the types of their records. */
  readonly names: readonly { readonly label: string; readonly types: readonly string[] }[]
}

/** What the catalogue says that does not differ from customer to customer, or is mostly the same. */
export const usualNames: UsualNames = {
  selectors: [
    ...new Set(relays.flatMap((relay) => relay.dkim.flat().flatMap(({ selector }) => usual(relay, selector)))),
  ],
  names: relays.flatMap((relay) =>
    relay.names.flatMap((name) =>
      usual(relay, name.label).map((label) => ({ label, types: 'cname' in name ? ['CNAME'] : ['MX', 'TXT'] })),
    ),
  ),
}

function usual({ inputs }: Relay, template: string): string[] {
  const [name] = inputsIn(template)
  if (name === undefined) return [template]
  const { default: fallback, usual: known = [] } = inputs[name] ?? {}
  return [...(fallback === undefined ? [] : [fallback]), ...known].map((text) => template.replace(`{${name}}`, text))
}
