import fastStringWidth from 'fast-string-width'

const ASCII = /^[ -~]*$/

/** How many cells of a terminal a text takes: one a character where it is printable ASCII, as nearly all is. */
export function stringWidth(text: string): number {
  return ASCII.test(text) ? text.length : fastStringWidth(text)
}
