/** The beginning of a text that others wrote, at most `most` UTF-16 units of it; no character is cut in two. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
