import fastStringWidth from 'fast-string-width'

/** With what stands for the middle of a long key. */
const NARROW = /^[ -~…]*$/

/** How many cells of a terminal a text takes: one a character where all of it is narrow, as it mostly is. */
export function stringWidth(text: string): number {
  return NARROW.test(text) ? text.length : fastStringWidth(text)
}
