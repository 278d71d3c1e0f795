import { count } from '../render/words.js'
import { type Html, html } from './html/html.js'

/** How much of each kind one page holds; more makes a page that a browser opens slowly and nobody reads. */
export const LIMITS = {
  changes: 400,
  records: 1500,
  problems: 200,
  steps: 200,
  keys: 100,
  domainsInList: 200,
  namesInList: 12,
  cardsInColumn: 24,
  linksInDrawing: 100,
  mailings: 200,
  checks: 300,
  opinions: 50,
} as const

/** Groups with as many of their items as fit into `limit`, and how many items that leaves out. Groups with none are left out whole. */
export function within<G, T>(
  groups: readonly G[],
  itemsOf: (group: G) => readonly T[],
  limit: number,
): { readonly shown: readonly { readonly group: G; readonly items: readonly T[] }[]; readonly rest: number } {
  const shown: { group: G; items: readonly T[] }[] = []
  let left = limit
  let rest = 0
  for (const group of groups) {
    const all = itemsOf(group)
    const items = all.slice(0, left)
    left -= items.length
    rest += all.length - items.length
    if (items.length > 0) shown.push({ group, items })
  }
  return { shown, rest }
}

/** Says what a limit left out, and where it is to be found. */
export function leftOut(rest: number, noun: string, command: string): Html | undefined {
  if (rest <= 0) return undefined
  return html`<p class="left-out">${count(rest, `more ${noun}`)} ${rest === 1 ? 'is' : 'are'} not on this page. <code>${command}</code> has all of them.</p>`
}
