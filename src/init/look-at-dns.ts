import { type PublicDnsOptions, publicDns } from '../../providers/dns/client/public-dns.js'
import { type Name, zoneOf } from '../../records/rr/name.js'
import { gather } from '../import/source/gather.js'
import { operatorDraft } from '../import/source/operator-draft.js'
import { noSuchDomain, seenProvider } from '../import/source/public-source.js'
import { ZoneReader } from '../import/source/zone-reader.js'
import { soleOperator } from '../observe/dns-operators.js'
import { type ObserveRun, observeMail } from '../observe/observe-mail.js'
import { SpecErrors } from '../problem.js'
import type { LookAtDns } from './dns-view.js'

/** Looks at public DNS, as everybody sees it. */
export function lookAtDns(options: PublicDnsOptions, run: ObserveRun): LookAtDns {
  return async (domain) => {
    const dns = publicDns(options)
    try {
      const seen = await observeMail(dns, [domain], run)
      if (seen.missing.length > 0) throw new SpecErrors(seen.missing.map(noSuchDomain))
      const { zones } = seen
      const reader = new ZoneReader(seenProvider(seen), [...zones.keys()], run.signal)
      const zone = zoneOf(domain, zones) as Name
      const nameServers = zones.get(zone)?.nameServers ?? []
      const operator = soleOperator(nameServers)
      return {
        zone,
        nameServers,
        gathered: await gather([domain], [], reader),
        pointers: new Map(seen.pointers.flatMap(({ address, names }) => (names ? [[address, names] as const] : []))),
        hasKeys: seen.withKeys.includes(domain),
        remarks: seen.remarks,
        ...(operator && { guess: { ...operatorDraft(operator), title: operator.title } }),
      }
    } finally {
      dns.close()
    }
  }
}
