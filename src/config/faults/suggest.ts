import { closest, distance } from 'fastest-levenshtein'

/** How many known words one is compared with: thousands for each of thousands of errors would take minutes. */
const COMPARED = 500
const LISTED = 20
/** Letters of the beginning of a word that tell which one it is. */
const SHORTENED = 3

/** The word the user probably meant, if any is near: at most a third of its letters differ, two at least being allowed; or the only one that begins so. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const compared = known.slice(0, COMPARED)
  const swapped = compared.find((one) => isSwap(one.toLowerCase(), word.toLowerCase()))
  const longer = word.length < SHORTENED ? [] : compared.filter((one) => one.startsWith(word.toLowerCase()))
  if (longer.length === 1) return longer[0]
  const candidate = swapped ?? closest(word.toLowerCase(), compared)
  return distance(word.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, Math.floor(candidate.length / 3))
    ? candidate
    : undefined
}

/** As a hint, or what is known where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggest(word, known)
  if (near !== undefined) return `did you mean ${near}?`
  if (known.length === 0) return 'none is known here'
  const more = known.length > LISTED ? ` and ${known.length - LISTED} more` : ''
  return `known here: ${known.slice(0, LISTED).join(', ')}${more}`
}

/** The known word from which one differs by a single slip, a letter or two neighbours that changed places; digits are no slip. */
export function slipOf(word: string, known: readonly string[]): string | undefined {
  const letters = (text: string): string => text.replace(/\d/g, '')
  // All others are further away; and every domain of a fleet may have a server of its own, to be compared with hundreds.
  const asLong = known.slice(0, COMPARED).filter((one) => Math.abs(one.length - word.length) <= 1)
  const near = suggest(word, asLong)
  if (near === undefined || letters(near) === letters(word)) return undefined
  return isSwap(near, word) || distance(word, near) <= 1 ? near : undefined
}

/** Whether two words differ by no more than two letters that changed places. */
function isSwap(a: string, b: string): boolean {
  return distance(a, b) <= 2 && [...a].sort().join('') === [...b].sort().join('')
}
