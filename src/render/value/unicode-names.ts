import { displayName, type Name, withoutDot } from '../../../records/rr/name.js'
import { inert } from '../inert.js'

const NAME = /[\w*.-]+/g
/** What is told in one go: a name, or a URL or term with one in it. */
const RUN = /[^\s,;)"']+/g
const A_LABEL = /(?:^|\.)xn--/

/** The Unicode form of each A-label name in a text, once each, in its order (RFC 5890 §2.3.2.1). Each is safe to print. */
export function unicodeNames(text: string): string[] {
  if (!/xn--/i.test(text)) return []
  return [...new Set((text.match(NAME) ?? []).flatMap((found) => unicodeOf(found) ?? []))]
}

/** A name, or a value with names in it, for the eye: `mail.xn--bcher-kva.example (mail.bücher.example)`. */
export function withUnicodeBehind(text: string): string {
  const names = unicodeNames(text)
  return names.length === 0 ? text : `${text} (${names.join(', ')})`
}

/** A sentence in which each A-label name has its Unicode form behind it, the first time it is told. */
export function withUnicode(sentence: string): string {
  if (!/xn--/i.test(sentence)) return sentence
  const told = new Set<string>()
  return sentence.replace(RUN, (run, offset: number) => {
    const names = unicodeNames(run).filter((name) => !told.has(name) && !sentence.includes(name))
    if (names.length === 0) return run
    for (const name of names) told.add(name)
    const isLast = offset + run.length === sentence.length
    const end = run.endsWith(':') || (isLast && run.endsWith('.')) ? run.slice(-1) : ''
    return `${run.slice(0, run.length - end.length)} (${names.join(', ')})${end}`
  })
}

function unicodeOf(found: string): string | undefined {
  const name = found.toLowerCase()
  if (!A_LABEL.test(name)) return undefined
  const unicode = displayName(name as Name)
  return unicode === withoutDot(name) ? undefined : inert(unicode)
}
