import type { Purpose } from '../../records/families/mail-record.js'
import { groupBy } from '../../records/group.js'
import type { Token, ValueDiff } from '../render/value-diff.js'
import { codeText } from './code-text.js'
import { type Html, html } from './html.js'
import { spoken } from './parts.js'

/** What tags of DMARC (RFC 9989 §4.7) and DKIM (RFC 6376 §3.6.1) are about. */
const MEANING: Partial<Record<Purpose, Readonly<Record<string, string>>>> = {
  dmarc: {
    v: 'version',
    p: 'policy',
    sp: 'subdomains',
    np: 'names that do not exist',
    adkim: 'DKIM alignment',
    aspf: 'SPF alignment',
    t: 'testing',
    fo: 'failures to report',
    rua: 'aggregate reports',
    ruf: 'failure reports',
  },
  dkim: {
    v: 'version',
    k: 'key type',
    p: 'public key',
    t: 'flags',
    h: 'hash algorithms',
    s: 'service',
    n: 'note',
  },
}

/** A value that takes another's place: SPF term by term, DMARC and DKIM tag by tag. Any other value as it is. */
export function valueTokens(purpose: Purpose, { state, tokens, separator }: ValueDiff): Html {
  if (state !== 'changed') return codeText(tokens.map(({ text }) => text).join(separator))
  if (separator === ' ')
    return html`<span class="words">${tokens.map((token, index) => html`${index > 0 && ' '}${marked(token)}`)}</span>`
  const rows = groupBy(tokens.map(tagOf), ({ tag }) => tag)
  return html`<dl class="tags">${[...rows].map(([tag, values]) => tagRow(tag, MEANING[purpose]?.[tag.toLowerCase()], values))}</dl>`
}

interface Tag extends Token {
  readonly tag: string
}

function tagOf({ text, state }: Token): Tag {
  const [, tag = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? []
  return { tag: tag.trim(), text: value.trim(), state }
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
