/** What is worked out when it is first asked for, such as a schema of zod or a pattern with classes of Unicode: to make one takes a while, and few runs need all. */
export function once<T>(work: () => T): () => T {
  let done: { readonly result: T } | undefined
  return () => {
    done ??= { result: work() }
    return done.result
  }
}
