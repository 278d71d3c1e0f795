import { withoutDot } from '../../../records/rr/name.js'
import type { Opinion } from '../receivers/opinions.js'
import type { DomainReport } from '../report.js'
import { listed } from '../words.js'

/** Whether large receivers would take the mail of a domain, and why not, as far as DNS tells: a sentence or a few. */
export function receiversSentences({ name, receivers }: DomainReport): string[] {
  if (receivers.length === 0) return []
  const domain = withoutDot(name)
  const of = (takes: Opinion['takes']): Opinion[] => receivers.filter((one) => one.takes === takes)
  return [
    ...sentence(of('yes'), (names) => `${names} would take mail of ${domain}, as far as DNS tells.`),
    ...each(of('not in bulk'), (names, why) => `${names} would take mail of ${domain}, but no bulk mail: ${why}.`),
    ...each(of('no'), (names, why) => `${names} would not take mail of ${domain}: ${why}.`),
    ...each(
      of('unknown'),
      (names, why) =>
        `It is not known whether ${names} would take mail of ${domain}: not all could be found out of ${why}.`,
    ),
  ]
}

function sentence(opinions: readonly Opinion[], say: (names: string) => string): string[] {
  return opinions.length === 0 ? [] : [say(listed(opinions.map(({ receiver }) => receiver)))]
}

/** One sentence for those that say the same; what each answers differs, and so it stands with its name. */
function each(opinions: readonly Opinion[], say: (names: string, why: string) => string): string[] {
  const groups = new Map<string, string[]>()
  for (const { receiver, takes, why } of opinions) {
    const reason = takes === 'unknown' ? listed(why) : why.join('; ')
    groups.set(reason, [...(groups.get(reason) ?? []), receiver])
  }
  return [...groups].map(([why, names]) => say(listed(names), why))
}
