/**
 * What a hole in a literal of markup can take: `text` between tags; `attribute`, text in a quoted attribute; `markup`,
 * only markup, since no escaping makes text safe there; `closed`, nothing.
 */
export type Hole = 'text' | 'attribute' | 'markup' | 'closed'

const known = new WeakMap<TemplateStringsArray, readonly Hole[]>()

/** The holes of a literal, in their order. Throws where the literal does not close what it opens. */
export function holesOf(literals: TemplateStringsArray): readonly Hole[] {
  const found = known.get(literals)
  if (found) return found
  const holes = literals.slice(0, -1).map((_, index) => holeAfter(literals.slice(0, index + 1).join('0')))
  if (literals.length > 1 && holeAfter(literals.join('0')) !== 'text')
    throw new Error(`markup is left open: ${literals.join('…')}`)
  known.set(literals, holes)
  return holes
}

const TAG = /<(?:(script|style)\b[^>]*>.*?<\/\1>|\/?(?!script\b|style\b)[a-z!](?:"[^"]*"|[^">])*>)/gs
const EXECUTES = /\s(?:on\w+|style|src|srcdoc|(?:xlink:)?href|action|formaction)="[^"]*$/

function holeAfter(markup: string): Hole {
  const open = markup.replaceAll(TAG, '')
  if (/<(?:script|style)\b[^>]*>/.test(open)) return 'markup'
  const tag = open.lastIndexOf('<')
  if (tag < 0) return 'text'
  const inTag = open.slice(tag)
  if (inTag.split('"').length % 2 === 1) return 'markup'
  return EXECUTES.test(inTag) && !/\shref="#[^"]*$/.test(inTag) ? 'closed' : 'attribute'
}
