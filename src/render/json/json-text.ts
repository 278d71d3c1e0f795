import { unseen } from '../inert.js'

/**
 * A value as one JSON document. What JSON leaves as it is and a terminal or a CI log would obey or hide (see `inert`) is
 * written as `\u` escapes, which is the same JSON.
 */
export function jsonText(document: object): string {
  const text = JSON.stringify(document, null, 2)
  return `${text.replace(/[^\n -~]+/g, (run) => run.replace(unseen(), escaped)).replace(/#(?=#)/g, escaped)}\n`
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    return `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
