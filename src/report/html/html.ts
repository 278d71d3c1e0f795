import { escapeHtml } from '../../render/inert.js'
import { holesOf } from './holes.js'

/** Markup that is safe to show. Nothing but {@link html} makes it, so text cannot become markup by being forgotten. */
export type Html = Markup

/** What may stand in a hole of {@link html}. Nothing is shown for `undefined` and `false`. */
export type Content = Html | string | number | undefined | false | readonly Content[]

class Markup {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/**
 * Makes markup from a literal. Strings in its holes are escaped and made inert; only {@link Html} goes in as it is. Where no
 * escaping would help (a hole outside quotes within a tag, in a script, in an `href` that does not begin with `#`) only
 * {@link Html}, or nothing at all, may stand.
 */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const holes = holesOf(literals)
  let markup = literals[0] as string
  for (const [index, content] of contents.entries()) {
    const hole = holes[index]
    if (hole === 'closed' || (hole === 'markup' && !isMarkup(content)) || (hole === 'attribute' && holdsHtml(content)))
      throw new Error(`text cannot stand after ${literals[index]}`)
    markup += textOf(content) + (literals[index + 1] as string)
  }
  return new Markup(markup)
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Markup) return content.toString()
  if (typeof content === 'object') return content.map(textOf).join('')
  return escapeHtml(String(content))
}

function isMarkup(content: Content): boolean {
  if (typeof content === 'object' && !(content instanceof Markup)) return content.every(isMarkup)
  return content === undefined || content === false || content instanceof Markup
}

function holdsHtml(content: Content): boolean {
  return content instanceof Markup || (typeof content === 'object' && content.some(holdsHtml))
}
