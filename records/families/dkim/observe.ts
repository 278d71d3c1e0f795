import { quoted } from '../../cut.js'
import type { Finding } from '../../finding.js'
import { displayName } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import { textsAt, type ZoneView } from '../../rules/zone-view.js'
import { keysOfOthers } from './keys-of-others.js'
import { isDkimValue, publishedKey } from './read-dkim.js'

/** What receivers will find at the selectors of a zone, and at the places in it that selectors lead to. */
export function observeDkim(view: ZoneView): Finding[] {
  return [...valuesBeside(view), ...placesWithoutKey(view), ...keysOfOthers(view)]
}

/** A CNAME that leads to no key is no key. */
function placesWithoutKey(view: ZoneView): Finding[] {
  return view.aliases.flatMap(({ purpose, rrset: { name, rdata }, from }) => {
    const [target] = rdata
    const held = purpose === 'dkim' && target !== undefined ? textsAt(view, target) : undefined
    if (target === undefined || held === undefined || held.some((value) => publishedKey(value) !== undefined)) return []
    return [
      finding(
        'warning',
        'dkim-cname-without-key',
        from,
        `${displayName(name)} leads to ${displayName(target)}, where there is no DKIM key: receivers find none`,
        'name the place where the holder publishes the key, or publish it there',
      ),
    ]
  })
}

/** Values of others beside our keys: a selector has one TXT, or receivers may take either (RFC 6376 §3.6.2.2). */
function valuesBeside(view: ZoneView): Finding[] {
  return view.records.flatMap(({ purpose, rrset: { name, type }, from }) => {
    const held = purpose === 'dkim' && type === 'TXT' ? textsAt(view, name) : undefined
    return (held ?? [])
      .filter((value) => !isDkimValue(value))
      .map((value) =>
        finding(
          'warning',
          'dkim-value-beside',
          from,
          `${name} has another TXT value beside the key, ${quoted(value)}: what receivers make of the key is undefined (RFC 6376 §3.6.2.2)`,
          'delete that value, or use another dkim.selector for new keys',
        ),
      )
  })
}
