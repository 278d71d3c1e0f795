import { cut } from '../cut.js'
import type { Finding } from '../finding.js'
import { displayName, type Name } from '../rr/name.js'
import type { Domain } from '../spec.js'
import { finding } from './rule.js'
import { textsAt, type ZoneView } from './zone-view.js'

/** What receivers look for at a name, and what somebody may have meant as it. */
interface Wanted {
  readonly part: 'spf' | 'dmarc'
  readonly at: Name
  /** Whether receivers take a value for it. */
  readonly isRead: (value: string) => boolean
  /** Whether somebody meant a value as it, and receivers do not take it. */
  readonly resembles: (value: string) => boolean
  /** Why they do not: `for an SPF, as …`. */
  readonly why: string
}

/** What somebody meant as the SPF or the policy of a domain, and receivers do not take for one: a warning where nothing stands in its place. */
export function unreadValues(view: ZoneView, domain: Domain, { part, at, isRead, resembles, why }: Wanted): Finding[] {
  const { mail, from } = domain
  const texts = textsAt(view, at) ?? []
  const isMissing = mail === 'normal' && domain[part] === false && !texts.some(isRead)
  return texts
    .filter(resembles)
    .map((value) =>
      finding(
        isMissing ? 'warning' : 'note',
        `${part}-unread`,
        mail === 'normal' ? [...from, part] : from,
        `${displayName(at)} has a value that receivers do not take ${why}: ${cut(value, 80)}`,
        isMissing ? `write what it means under ${part}, and delete it` : 'delete it',
      ),
    )
}
