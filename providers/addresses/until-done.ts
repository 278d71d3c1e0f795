import { MailsyncError } from '../../records/error.js'
import type { Pause } from '../http/waiting.js'
import type { Sent } from '../write-batches.js'

/** Milliseconds before something is looked at for the first time; twice as long each time, up to the longest. */
const FIRST = 500
const LONGEST = 8000
/** Milliseconds after which it is given up. */
const PATIENCE = 180_000

/** Something that an API goes on with after its reply. */
interface Running<T> {
  readonly begun: T
  isDone(now: T): boolean
  look(now: T): Promise<T>
  /** Why it failed, once it is done. */
  failureOf(end: T): MailsyncError | undefined
  /** The provider, for people. */
  readonly who: string
  readonly wait: Pause
}

/** Waits for the end of something, as a write in flight is waited for: whatever the user wants meanwhile. */
export async function untilDone<T>({ begun, isDone, look, failureOf, who, wait }: Running<T>): Promise<Sent> {
  let now = begun
  let waited = 0
  for (let interval = FIRST; !isDone(now); interval = Math.min(interval * 2, LONGEST)) {
    if (waited >= PATIENCE) return { kind: 'lost', failure: stillRunning(who), over: false }
    await wait(interval)
    waited += interval
    now = await look(now)
  }
  const failure = failureOf(now)
  return failure ? { kind: 'lost', failure, over: true } : { kind: 'written' }
}

function stillRunning(who: string): MailsyncError {
  return new MailsyncError('timeout', `${who} has not finished to set the PTR after 3 minutes`, {
    hint: 'it goes on there',
  })
}
