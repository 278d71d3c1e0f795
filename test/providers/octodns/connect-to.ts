import type { AdapterFacts } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/octodns/index.js'
import type { ConnectContext, Provider } from '../../../providers/provider.js'
import { octodnsPython } from '../../servers/octodns.js'

/** The adapter connected through a class of octoDNS, with the Python of the tests. */
export function connectTo(
  provider: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
  context: Pick<ConnectContext, 'calls'> = {},
): Promise<Provider> {
  return plugin.connect(plugin.options({ provider, python: octodnsPython, timeout: 60, ...options }), {
    directory: process.cwd(),
    zones: [],
    ...context,
  })
}

/** The facts of the connection that was made last: they are the same for all of one class. */
export function learnedFacts(): AdapterFacts & { learn(provider: Provider): Provider } {
  let facts: Provider['facts']
  return {
    type: plugin.type,
    get traits() {
      return facts?.traits ?? plugin.traits
    },
    rejects: (rrset) => facts?.rejects?.(rrset),
    learn: (provider) => {
      facts = provider.facts
      return provider
    },
  }
}

/** The connection for one case of many: it outlives the case, because Python takes half a second to start. */
export function keptOpen({ close: _, ...provider }: Provider): Provider {
  return provider
}
