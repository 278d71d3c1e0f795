import type { Finding } from '../../finding.js'
import { finding } from '../../rules/rule.js'
import { textsAt, type ZoneView } from '../../rules/zone-view.js'
import { isDkimValue } from './read-dkim.js'

/** Characters of a stranger's value that are shown. */
const SHOWN = 40

/** Values of others beside our keys: a selector has one TXT, or receivers may take either (RFC 6376 §3.6.2.2). */
export function observeDkim(view: ZoneView): Finding[] {
  return view.records.flatMap(({ purpose, rrset: { name }, from }) => {
    const held = purpose === 'dkim' ? textsAt(view, name) : undefined
    return (held ?? [])
      .filter((value) => !isDkimValue(value))
      .map((value) =>
        finding(
          'warning',
          'dkim-value-beside',
          from,
          `${name} has another TXT value beside the key, ${JSON.stringify(value.slice(0, SHOWN))}: what receivers make of the key is undefined (RFC 6376 §3.6.2.2)`,
          'delete that value, or use another dkim.selector for new keys',
        ),
      )
  })
}
