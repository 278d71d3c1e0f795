/** A token that a service has given, and for how many seconds it is good. */
export interface GivenToken {
  readonly token: string
  readonly seconds: number
}

/** Seconds before its end from which a token is no longer used. */
const MARGIN = 60

/** Asks for a token when one is needed, and keeps it for as long as it is good. `now` is in milliseconds. */
export function accessToken(ask: () => Promise<GivenToken>, now: () => number = Date.now): () => Promise<string> {
  let current: { readonly token: Promise<string>; until: number } | undefined
  return () => {
    if (current && now() < current.until) return current.token
    const asked = ask()
    const next = {
      until: Number.POSITIVE_INFINITY,
      token: asked.then(({ token, seconds }) => {
        next.until = now() + (seconds - MARGIN) * 1000
        return token
      }),
    }
    next.token.catch(() => {
      current = undefined
    })
    current = next
    return next.token
  }
}
