import type { Refusal } from '../../apply/guards.js'
import type { Failure } from '../../failure.js'
import type { Plan, PlannedKey, ZoneFailure } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'

/** What stands in the way of a plan besides its own problems: zones that failed, and keys that only a person can make. */
export function planProblems({ failures, keys }: Plan): Problem[] {
  return [...failures.map(failureProblem), ...keys.map((key) => keyProblem(key, 'warning'))]
}

/** A zone that failed, as a problem. */
export function failureProblem({ zone, provider, ...failure }: ZoneFailure): Problem {
  return { ...plainProblem(failure), zone, provider }
}

/** What failed, as a problem. */
export function plainProblem({ code, message, hint, record }: Failure): Problem {
  return {
    rule: code,
    severity: 'error',
    message: record === undefined ? message : `${record}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  }
}

/** A DKIM key that is not there. A runner is thrown away after the job, and its private keys with it. */
export function keyProblem({ domain, selector, algorithm, where }: PlannedKey, severity: 'error' | 'warning'): Problem {
  return {
    rule: 'dkim-key-missing',
    severity,
    message: `${selector}._domainkey.${domain} needs its ${algorithm} key, and a runner must not make it: the private key would be lost with the runner`,
    hint: 'run `mailsync dkim generate` where mail is signed, and commit the public.json it writes; the private key stays there',
    ...(where === undefined ? {} : { where: where }),
  }
}

/** A guard that refused, in the words of the action's inputs. */
export function refusalProblem({ guard, zone, provider, message }: Refusal): Problem {
  const hint =
    guard === 'adopt' ? 'if it may be replaced, set adopt: true' : 'if that is what you want, set force: true'
  return { rule: `guard-${guard}`, severity: 'error', message, hint, zone, provider }
}
