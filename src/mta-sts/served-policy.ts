/** A policy that this spec keeps, and where it is served. */
export interface ServedPolicy {
  /** For people. */
  readonly domain: string
  /** `mta-sts.example.com`, in A-labels. */
  readonly host: string
  readonly id: string
  readonly text: string
}
