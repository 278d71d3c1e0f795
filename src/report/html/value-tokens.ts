import { families } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import { FWS, strip } from '../../../records/families/tag-list.js'
import { groupBy } from '../../../records/group.js'
import type { Token, ValueDiff } from '../../render/value/value-diff.js'
import { codeText } from './code-text.js'
import { type Html, html } from './html.js'
import { spoken } from './parts.js'

/** A value that takes another's place: SPF term by term, DMARC and DKIM tag by tag. Any other value as it is. */
export function valueTokens(purpose: Purpose, { state, tokens, separator }: ValueDiff): Html {
  if (state !== 'changed') return codeText(tokens.map(({ text }) => text).join(separator))
  if (separator === ' ')
    return html`<span class="words">${tokens.map((token, index) => html`${index > 0 && ' '}${marked(token)}`)}</span>`
  const rows = groupBy(tokens.map(tagOf), ({ tag }) => tag)
  return html`<dl class="tags">${[...rows].map(([tag, values]) => tagRow(tag, meaningOf(purpose, tag), values))}</dl>`
}

function meaningOf(purpose: Purpose, tag: string): string | undefined {
  const { tags = {} } = families[purpose].words
  return Object.hasOwn(tags, tag.toLowerCase()) ? tags[tag.toLowerCase()] : undefined
}

interface Tag extends Token {
  readonly tag: string
}

function tagOf({ text, state }: Token): Tag {
  const [tag = ''] = text.split('=', 1)
  return { tag: strip(tag, FWS), text: strip(text.slice(tag.length + 1), FWS), state }
}

function tagRow(tag: string, meaning: string | undefined, values: readonly Tag[]): Html {
  const isKept = values.every(({ state }) => state === 'kept')
  return html`<div class="${isKept ? 'kept' : 'moved'}"><dt><code>${tag}</code>${
    meaning !== undefined && html` <span class="meaning">${meaning}</span>`
  }</dt><dd>${values.map(
    (value, index) => html`${index > 0 && html` <span class="becomes" aria-hidden="true">→</span> `}${marked(value)}`,
  )}</dd></div>`
}

function marked({ text, state }: Token): Html {
  const value = text === '' ? html`<span class="empty">empty</span>` : codeText(text)
  if (state === 'added') return html`<ins>${spoken('added ')}${value}</ins>`
  return state === 'removed' ? html`<del>${spoken('removed ')}${value}</del>` : value
}
