import { closest, distance } from 'fastest-levenshtein'

/** The word the user probably meant, if any is near: at most a third of its letters differ, two at least being allowed. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const candidate = closest(word.toLowerCase(), [...known])
  return distance(word.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, Math.floor(candidate.length / 3))
    ? candidate
    : undefined
}

/** As a hint, or the list of what is known where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggest(word, known)
  return near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`
}
