import type { Position } from '../../../yaml/read-yaml.js'
import { fileLine, fileLineColumn } from '../../render/place.js'
import { type Content, type Html, html } from './html.js'

/** A text that is only heard: what a sign or a colour tells those who see it. */
export function spoken(text: string): Html {
  return html`<span class="spoken">${text}</span>`
}

/** A place in the spec, as editors and compilers write it. */
export function place(position: Position | undefined, { column }: { readonly column: boolean }): Html | undefined {
  if (!position) return undefined
  return html`<span class="place">${column ? fileLineColumn(position) : fileLine(position)}</span>`
}

/** A text with a button that copies it; the button is there only where scripts run. `what` names it for those who only hear it. */
export function copyable(text: Content, what: string): Html {
  return html`<span class="copyable"><span class="copied">${text}</span>${copyButton(what)}</span>`
}

/** Copies the element of class `copied` beside it. */
export function copyButton(what: string): Html {
  return html`<button type="button" class="copy" hidden><span aria-hidden="true">Copy</span>${spoken(`Copy ${what}`)}</button>`
}

/** A section of the page with its heading. */
export function section(id: string, heading: string, body: Content): Html {
  return html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2>
${body}</section>
`
}
