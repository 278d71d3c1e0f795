import type { Finding } from '../../finding.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'

/** Whether the reverse names in a zone lead to the PTRs that are written elsewhere for them (RFC 2317 §4). */
export function observePtr({ zone, aliased }: ZoneView): Finding[] {
  return aliased.flatMap(({ rrset: { name }, alias = name, from }) => {
    if (!zone.tells(alias, 'CNAME') || zone.cutAbove(alias) !== undefined) return []
    const target = zone.get(alias, 'CNAME')?.rdata[0]
    if (target === name) return []
    return [
      target === undefined
        ? finding(
            'warning',
            'ptr-classless',
            from,
            `the PTR is at ${name}, and receivers ask for ${alias}, which does not lead there (RFC 2317 §4)`,
            `add to ${zone.name}: ${alias} CNAME ${name}`,
          )
        : ledElsewhere(alias, target, name, from),
    ]
  })
}

/** A PTR that stands where nobody who asks comes to. */
export function ledElsewhere(alias: string, target: string, name: string, from: Finding['from']): Finding {
  return finding(
    'warning',
    'ptr-elsewhere',
    from,
    `the PTR is at ${name}, and ${alias} is a CNAME of ${target}: receivers never see it`,
    `declare the zone that has ${target}, with the provider that serves it as its target, or have the CNAME changed to ${name}`,
  )
}
