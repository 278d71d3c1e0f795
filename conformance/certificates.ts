import committed from './certificates.json' with { type: 'json' }

/** What came of running the suite on an adapter of mailsync, by `npm run certify`. */
export interface Certificate {
  /** The `class` of the spec. */
  readonly class: string
  /** What it ran against: the name of a server, or of what behaves like the provider's API. */
  readonly on: string
  /** Of an address owner, which has cases of its own. */
  readonly serves?: 'addresses'
  /** `real server`, or what stands in for one. */
  readonly kind: 'real server' | 'stateful fake' | 'emulator by others' | 'files' | 'memory'
  readonly version?: string
  /** `YYYY-MM-DD`. */
  readonly date: string
  /** How many cases it passed. */
  readonly passed: number
  /** Cases with records that the provider cannot hold, each with what the user is told. */
  readonly rejected: Readonly<Record<string, string>>
  /** Cases that were left out, each with the reason. */
  readonly skipped: Readonly<Record<string, string>>
}

export const certificates = committed as readonly Certificate[]

/** How many cases there were. */
export function casesOf({ passed, rejected, skipped }: Certificate): number {
  return passed + Object.keys(rejected).length + Object.keys(skipped).length
}

/** `BIND 9.18.49 (real server)` */
export function groundOf({ on, kind, version }: Pick<Certificate, 'on' | 'kind' | 'version'>): string {
  return `${on}${version === undefined ? '' : ` ${version}`} (${kind})`
}
