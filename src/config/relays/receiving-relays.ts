import { inputsIn } from '../../../records/relays/template.js'
import { displayName } from '../../../records/rr/name.js'
import type { Domain, MxTarget } from '../../../records/spec.js'
import type { Reading } from '../reading.js'
import type { AskedRelay } from './asked-relay.js'

/** The relays whose MX a domain has: one at most, and only where the domain names no other servers. */
export function receivers(reading: Reading, asked: readonly AskedRelay[], mx: Domain['mx']): readonly AskedRelay[] {
  const wanting = asked.filter(({ relay, raw }) => raw.mx ?? (relay.mx?.usual === true && mx === undefined))
  if (mx !== undefined) {
    for (const one of wanting) checkBeside(reading, one, mx)
    return []
  }
  const [first, second] = wanting
  if (first && second)
    reading.report(
      'relay-mx-twice',
      second.placeOf('mx'),
      `both ${first.relay.title} and ${second.relay.title} would receive, and mail would go to either of them`,
      `write mx: false in the one that only sends, as in ${second.relay.name}: { mx: false }`,
    )
  return wanting.slice(0, 1)
}

/** `mx: true` beside an `mx` of the domain, which has to name the servers of the relay then. */
function checkBeside(reading: Reading, { relay, placeOf }: AskedRelay, mx: readonly MxTarget[] | 'none'): void {
  const named = mx === 'none' ? [] : mx.map(({ host }) => displayName(host))
  const servers = (relay.mx?.servers ?? []).map(({ exchange }) => exchange)
  const missing = servers.filter((server) => inputsIn(server).length === 0 && !named.includes(server))
  if (mx !== 'none' && missing.length === 0) return
  reading.report(
    'relay-mx',
    placeOf('mx'),
    `${relay.title} is to receive (mx: true), and the mx of the domain ${mx === 'none' ? 'is none' : `lacks ${missing.join(' and ')}`}`,
    'remove the mx of the domain, and it has the servers of the relay; or remove mx: true here',
  )
}
