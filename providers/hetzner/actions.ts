import { cut } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import type { Calls } from '../calls/calls.js'
import { shortened } from '../http/reply.js'
import type { Pause } from '../http/waiting.js'
import { unlessBug } from '../refusal.js'
import type { HetznerApi, ZoneRef } from './api.js'
import type { Action, HetznerClient } from './client.js'

/** Milliseconds before an action is asked for the first time; twice as long each time, as the API wishes, up to the longest. */
const FIRST = 250
const LONGEST = 4000
/** Milliseconds after which an action that still runs is given up: a change of an RRset takes a second or two. */
const PATIENCE = 120_000

/** An action that the API began and did not bring to its end. */
export class ActionFailed extends Error {
  override readonly name = 'ActionFailed'
}

/**
 * Waits until an action has succeeded. Throws where it failed, with an {@link ActionFailed} as cause: nothing more will
 * happen; and where its end is not known.
 *
 * @param works is told before each look how far it is
 */
export async function finish(
  api: Pick<HetznerClient, 'action'>,
  begun: Action,
  doing: string,
  pause: Pause,
  works: Calls['works'] = () => {},
): Promise<void> {
  let action = begun
  let waited = 0
  for (let interval = FIRST; action.status === 'running'; interval = Math.min(interval * 2, LONGEST)) {
    if (waited >= PATIENCE) throw stillRunning(action, doing)
    works(doing, action.progress)
    await pause(interval)
    waited += interval
    action = await api.action(action.id)
  }
  if (action.status === 'error') throw failed(action, doing)
}

/**
 * Waits until no action runs on a zone, or for as long as it is worth it: what was begun and whose id was lost shows only
 * once it has ended.
 */
export async function untilQuiet(api: HetznerApi, zone: ZoneRef, pause: Pause): Promise<void> {
  for (let interval = FIRST; interval <= LONGEST; interval *= 2) {
    if (!(await api.isChanging(zone).catch(unlessBug))) return
    await pause(interval)
  }
}

function failed({ id, problem }: Action, doing: string): MailsyncError {
  const { code, message } = problem ?? { code: 'action_failed', message: 'no reason is given' }
  return new MailsyncError(
    'rejected',
    `Hetzner began to ${doing} and failed: ${shortened(message)} (${cut(code, 60)})`,
    {
      hint: 'try again; if it stays so, ask Hetzner’s support about this action',
      apiCode: cut(code, 60),
      cause: new ActionFailed(`action ${id}`),
    },
  )
}

function stillRunning({ id, progress }: Action, doing: string): MailsyncError {
  const far = progress === undefined ? '' : `, at ${progress} %`
  return new MailsyncError('timeout', `Hetzner has not finished after 2 minutes (action ${id}${far}): to ${doing}`, {
    hint: 'status.hetzner.com tells of disturbances',
  })
}
