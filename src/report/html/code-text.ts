import { shortValue } from '../../render/value/short-value.js'
import { count } from '../../render/words.js'
import { type Html, html } from './html.js'
import { copyable } from './parts.js'

const LONG = 100
const HEAD = 16
const TAIL = 8

/** A value in the fixed-width font. It breaks between words; a word as long as a DKIM key is folded: its ends are seen, all of it on demand and on paper. */
export function codeText(text: string): Html {
  const words = text.split(' ')
  if (words.length === 1) return word(text)
  return html`<span class="words">${words.map((part, index) => html`${index > 0 && ' '}${word(part)}`)}</span>`
}

function word(text: string): Html {
  if (text.length <= LONG) return html`<code>${text}</code>`
  const length = count([...text].length, 'character')
  return html`<details class="long"><summary><code>${endsOf(text)}</code> <span class="length">${length}</span></summary>${copyable(html`<code>${text}</code>`, 'the whole value')}</details>`
}

/** The value of a `p=` tag is shortened as in the tag. */
function endsOf(text: string): string {
  const short = [shortValue(text), shortValue(`p=${text}`).slice('p='.length)].find((form) => form !== text)
  const chars = [...text]
  return short ?? `${chars.slice(0, HEAD).join('')}…${chars.slice(-TAIL).join('')}`
}

/** A name that breaks after its dots. */
export function nameText(name: string): Html {
  return html`${name.split(/(?<=\.)/).map((label, index) => html`${index > 0 && html`<wbr>`}${label}`)}`
}
