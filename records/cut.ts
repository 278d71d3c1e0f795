/** UTF-16 units of what somebody wrote that are enough to know it by. */
const ENOUGH = 100

/** The beginning of a text that others wrote, at most `most` UTF-16 units of it; no character is cut in two. */
export function cut(text: string, most: number = ENOUGH): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Characters of a line to write instead; who wrote more of it has not written it by hand. */
const HINT = 1000

/** A hint that has in it what somebody wrote; none where that is too long to be read, and a part of it would mislead. */
export function hintOf(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined || hint.length > HINT ? {} : { hint }
}

/** What somebody wrote as a message shows it: in quotation marks, escaped, and where it is long only its beginning, with how much more there is. */
export function quoted(text: string): string {
  const shown = cut(text)
  const more = shown === text ? '' : ` (${text.length - shown.length + 1} characters more)`
  return `${JSON.stringify(shown)}${more}`
}
