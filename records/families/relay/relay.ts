import { displayName, type Name, parentOf, parseName } from '../../rr/name.js'
import type { Family } from '../family.js'
import { none, type Reading, sameReading } from '../reading.js'
import { relayRules } from './rules.js'

/** Names below a domain that lead to a relay: the return path of bounces, tracked links. */
export const relay: Family<'relay', Name> = {
  purpose: 'relay',
  types: ['CNAME'],
  rank: 1,
  read,
  write: (target) => target,
  same: (a, b) => sameReading([a, b], read, (target) => target),
  compile: ({ domains }) => ({
    records: domains.flatMap(({ mail, relays, ttl }) =>
      (mail === 'none' ? [] : relays).flatMap(({ aliases }) =>
        aliases.map(({ name, target, from }) => ({
          rrset: { type: 'CNAME' as const, name, ttl: ttl.relay, rdata: [target] },
          purpose: 'relay' as const,
          from,
        })),
      ),
    ),
  }),
  rules: relayRules,
  words: {
    noun: 'name of a relay',
    topic: 'Names of relays (CNAME)',
    form: 'plain',
    about: 'domain',
    subjects: (name) => [parentOf(name)],
    effect({ name, step, before, after, listed }) {
      const [now, until] = [after, before].map((values) => listed((values as readonly Name[]).map(displayName)))
      if (step === 'ends') return `${name} leads to the relay ${until} no more`
      return `${name} leads to the relay ${now}${until === '' || until === now ? '' : ` instead of ${until}`}`
    },
  },
}

function read(text: string): Reading<Name> {
  const name = parseName(text)
  if (typeof name === 'string') return { value: name, faults: [] }
  return none([{ section: 'RFC 1035 §3.3.1', message: name.error }])
}
