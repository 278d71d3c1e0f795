import { type Attempt, attemptOf } from '../http/attempts.js'
import { cancelled } from '../refusal.js'
import { statusOf } from './errors.js'

type Send = (args: never) => Promise<unknown>

/** As much of a command of the SDK as is needed here. */
interface Command {
  readonly middlewareStack: { add(middleware: (next: Send) => Send, options: object): void }
}

/** The command, which notes each attempt of the SDK; once the signal aborts, the one under way ends and no other begins. */
export function noting<C extends Command>(command: C, attempts: Attempt[], signal: AbortSignal): C {
  command.middlewareStack.add(
    (next) => async (args) => {
      if (signal.aborted) throw cancelled()
      try {
        const reply = await next(args)
        attempts.push('open')
        return reply
      } catch (error) {
        attempts.push(attemptOf(statusOf(error), (error as NodeJS.ErrnoException).code))
        throw error
      }
    },
    { step: 'deserialize', priority: 'high', name: 'mailsyncAttempt' },
  )
  return command
}
