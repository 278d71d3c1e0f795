import type { ObserveHosts } from '../../config/load-config.js'
import { type OpenOptions, openSession, type Session } from '../../session.js'
import type { Compare, Everything, Since } from './since.js'

/** A spec that is open, and what it is compared with. */
export interface Opened {
  readonly session: Session
  /** Absent where all of it is wanted, whatever it meant before. */
  readonly since?: Since | Everything | undefined
  /** The same with the keys that are there by then, offline; addresses as `observe` tells them. */
  again(observe: ObserveHosts): Promise<Opened>
}

/** All of a spec; with why nothing of it is left out, where it was to be compared. */
export async function openAll(options: OpenOptions, why?: Everything): Promise<Opened> {
  const session = await openSession(options)
  return openedAgain({ session, open: openSession, ...(why && { compare: () => why }) }, options)
}

interface Opening {
  readonly session: Session
  /** How it was opened. */
  readonly open: (options: OpenOptions) => Promise<Session>
  readonly compare?: Compare
}

/** What is open, to be opened and compared again in the same way. */
export function openedAgain({ session, open, compare }: Opening, options: Pick<OpenOptions, 'file' | 'env'>): Opened {
  const { file, env } = options
  return {
    session,
    since: compare?.(session),
    again: async (observe) => {
      const { problems } = session
      const next = { ...(await open({ file, env, online: false, observe })), problems }
      return openedAgain({ session: next, open, ...(compare && { compare }) }, options)
    },
  }
}
