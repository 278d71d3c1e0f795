import { SCALAR_STYLE, type ScalarEvent } from 'js-yaml'

/**
 * Where a scalar begins as an eye sees it: at its opening quote, or at the first character of a block scalar. Of an empty one
 * it is where its tag or anchor stands, or `undefined`: js-yaml gives it no place.
 */
export function scalarOffset(text: string, event: ScalarEvent): number | undefined {
  if (event.valueStart < 0) {
    const property = Math.max(event.tagStart, event.anchorStart - 1)
    return property < 0 ? undefined : property
  }
  switch (event.style) {
    case SCALAR_STYLE.PLAIN:
      return event.valueStart
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return event.valueStart - 1
    default:
      return skip(text, event.valueStart, event.valueEnd, /\s/)
  }
}

/** Where the dash of an empty list item is, looking on from `from`: past comments and the ends of what came before. */
export function dashOffset(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '-') {
    if (text[at] === '#') at = skip(text, at, text.length, /[^\r\n]/)
    else at++
  }
  return at < text.length ? at : from
}

function skip(text: string, from: number, end: number, skipped: RegExp): number {
  let at = from
  while (at < end && skipped.test(text[at] ?? '')) at++
  return at < end ? at : from
}
