import pLimit from 'p-limit'

/** The same, where each question is asked once, however many want to know, and so many at a time. */
export function askedOnce<Args extends unknown[], T>(
  ask: (...args: Args) => Promise<T>,
  { keyOf, parallel }: { readonly keyOf: (...args: Args) => string; readonly parallel: number },
): (...args: Args) => Promise<T> {
  const limit = pLimit(parallel)
  const answers = new Map<string, Promise<T>>()
  return (...args) => {
    const key = keyOf(...args)
    const answer = answers.get(key) ?? limit(() => ask(...args))
    answers.set(key, answer)
    return answer
  }
}
