import type { Failure } from './failure.js'

/** How a command ends, by exit code. 70 is EX_SOFTWARE of sysexits.h. */
export const EXIT_CODES = {
  0: 'done or nothing to do',
  1: 'error',
  2: 'changes are pending (plan --detailed-exitcode)',
  3: 'a guard refused',
  70: 'a bug',
} as const

export type ExitCode = keyof typeof EXIT_CODES

/** The exit code of everything that went wrong in a run: a bug counts before an error, an error before a guard. */
export function exitCodeOf(failures: readonly Pick<Failure, 'code'>[]): ExitCode {
  const codes = failures.map(({ code }) => code)
  if (codes.length === 0) return 0
  if (codes.includes('bug')) return 70
  return codes.every((code) => code === 'guard' || code === 'stale') ? 3 : 1
}
