import type { AdapterFacts } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/octodns/index.js'
import type { Provider } from '../../../providers/provider.js'
import { octodnsPython } from '../../servers/octodns.js'

const OTHER_STRINGS = { 'example.com. TXT': 'would cut a TXT value into other strings' }

/** What no class of octoDNS holds: it joins the strings of a TXT value. */
export const JOINED = {
  'TXT values of several strings keep their borders': OTHER_STRINGS,
  'TXT values with empty strings keep their borders': OTHER_STRINGS,
  'TXT values that differ only in their borders keep their borders': OTHER_STRINGS,
}

const NOT_KNOWN = { 't.example.com. TXT': 'it is not known whether' }

/** What is not given to a plugin that is not known to bring back more than plain characters. */
export const PLAIN_ONLY = {
  'a TXT value of 0 octets': NOT_KNOWN,
  'a TXT value with quotes': NOT_KNOWN,
  'a TXT value with backslashes': NOT_KNOWN,
  'a TXT value with spaces at the ends': NOT_KNOWN,
  'a TXT value with UTF-8': NOT_KNOWN,
  'a TXT value with UTF-8 across the 255th octet': NOT_KNOWN,
  'the apex TXT story: an SPF is added, changed and removed between two strangers': {
    'example.com. TXT': 'it is not known whether',
  },
}

/** The adapter connected through a class of octoDNS, with the Python of the tests. */
export function connectTo(
  provider: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Provider> {
  return plugin.connect(plugin.options({ provider, python: octodnsPython, timeout: 60, ...options }), {
    directory: process.cwd(),
    zones: [],
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
