import { type MailRecord, slotKey } from '../families/mail-record.js'
import { slotOf } from '../families/slot.js'
import { displayName, zoneOf } from '../rr/name.js'
import { keyOf } from '../rr/rrset.js'
import { finding, type Rule } from './rule.js'

const domainOutsideZones: Rule = ({ domains, zones, mayServeMore }) =>
  domains
    .filter(({ name }) => !mayServeMore && zoneOf(name, zones) === undefined)
    .map(({ name, from }) => ({
      ...finding(
        'error',
        'domain-outside-zones',
        from,
        `${displayName(name)} is in no zone of this spec`,
        `declare it under zones: ${name}: { targets: [...] }, or the zone '*'`,
      ),
      atKey: true,
    }))

const mxOutside: Rule = ({ domains, hosts, zones }) =>
  domains.flatMap(({ mx }) =>
    (Array.isArray(mx) ? mx : []).flatMap(({ host, from }) =>
      hosts.get(host)?.addresses.length || zoneOf(host, zones) === undefined
        ? []
        : [
            {
              ...finding(
                'warning',
                'mx-target-without-address',
                from,
                `${displayName(host)} ${hosts.has(host) ? 'has no addresses in this spec' : 'is no host of this spec'}, and its zone is ours`,
                'name it under hosts: with its addresses; `plan` looks whether the zone has one already',
              ),
              seenAt: host,
            },
          ],
    ),
  )

const slotTwice: Rule = ({ records }) => {
  const seen = new Map<string, MailRecord>()
  return records.flatMap((record) => {
    if (record.purpose === 'ptr') return []
    const key = slotKey(slotOf(record))
    const first = seen.get(key)
    seen.set(key, first ?? record)
    return first
      ? [
          finding(
            'error',
            'record-twice',
            record.from,
            `${keyOf(record.rrset)} ${record.purpose} is asked for twice`,
            'remove one of the two',
          ),
        ]
      : []
  })
}

export const placementRules: readonly Rule[] = [domainOutsideZones, mxOutside, slotTwice]
