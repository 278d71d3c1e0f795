import type { Matrix } from '../../fleet/shards/matrix.js'
import type { Phase } from '../../fleet/shards/phase.js'
import type { Problem } from '../../problem.js'
import type { Redaction } from '../../redaction.js'
import type { Proposal } from '../github/propose.js'

/** What a run found or did. All that is told to people and to later steps is told from it. */
export interface Outcome {
  /** Why the step fails, in a sentence; absent where it does not. */
  readonly failure?: string
  readonly problems: readonly Problem[]
  /** Records that would change, or have changed. */
  readonly counts?: { readonly create: number; readonly update: number; readonly delete: number }
  /** Whether DNS is not as the spec says; absent where it could not be told. */
  readonly drift?: boolean
  /** Of what receivers see: whether a check fails; absent where it could not be told, or was not asked. */
  readonly refused?: boolean
  /** The shards of a fleet, by phase. */
  readonly shards?: Readonly<Record<Phase, Matrix>>
  /** Absolute paths of what was saved for later steps. */
  readonly files?: { readonly plan?: string; readonly verify?: string; readonly report: string }
  /** Files that are to be committed; closed where the repository has them. Absent where it could not be told, or nothing is. */
  readonly proposal?: Proposal
  /** For people on GitHub, in at most `limit` characters. */
  markdown(limit: number): string
}

/** The outcome as it may be told: the runner masks nothing but its log. */
export function redactedOutcome(outcome: Outcome, redaction: Redaction): Outcome {
  const { failure, problems, markdown } = outcome
  return {
    ...outcome,
    ...(failure === undefined ? {} : { failure: redaction.text(failure) }),
    problems: redaction.data(problems),
    markdown: (limit) => redaction.text(markdown(limit)),
  }
}
