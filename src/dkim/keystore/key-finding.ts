import type { Severity } from '../../../records/finding.js'

/** One thing to say about the key files. */
export interface KeyFinding {
  /** Stable id: `dkim-index-malformed`, `dkim-key-readable`, `dkim-key-stray`, `dkim-key-mismatch`. */
  readonly rule: string
  readonly severity: Severity
  readonly file: string
  readonly message: string
  readonly hint: string
}
