/**
 * Where a key stands in its life. `published`: in DNS, and the server does not use it yet. `serving`: the server uses it.
 * `retiring`: in DNS still, and the server does not use it any more. After that nothing is remembered of it.
 */
export type RollState = 'published' | 'serving' | 'retiring'

/** What happened to a key, each with when: seconds since 1970. The time of its state is always there. */
export interface RollTimes extends Readonly<Partial<Record<RollState, number | undefined>>> {
  readonly published: number
  /** Since when every authoritative server shows it; absent while one does not. */
  readonly visible?: number | undefined
}

/** A key of a host's certificate, as the committed file remembers it. */
export interface RollKey {
  /** Its TLSA record, `3 1 1 ab12…`; each once. */
  readonly association: string
  /** The certificate whose keys follow one another, as the spec names it. */
  readonly certificate: string
  readonly state: RollState
  readonly times: RollTimes
}
