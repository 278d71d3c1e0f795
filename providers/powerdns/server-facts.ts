/** What a PowerDNS server can do, by its version. */
export interface ServerFacts {
  /** PATCH knows EXTEND and PRUNE: since 4.9.12 and 5.0.2 (github.com/PowerDNS/pdns, pull request 16652, read 2026-11). */
  readonly knowsValues: boolean
  /** It may decode escapes before it reads a content, as 5.1 does (verified with 5.1.5, 2026-11); whether it does is asked. */
  readonly mayDecodeTwice: boolean
}

/** @param version `5.1.5` or `4.9.0-alpha1`; one without numbers, as of a server built from a branch, is taken for an old one */
export function serverFacts(version: string): ServerFacts {
  const [major = 0, minor = 0, patch = 0] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number)
  const isSince = (...since: readonly [number, number, number]): boolean =>
    major !== since[0] ? major > since[0] : minor !== since[1] ? minor > since[1] : patch >= since[2]
  return {
    knowsValues: major === 4 ? isSince(4, 9, 12) : isSince(5, 0, 2),
    mayDecodeTwice: isSince(5, 1, 0),
  }
}
