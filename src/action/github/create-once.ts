import { setTimeout } from 'node:timers/promises'

const PAUSE_MS = 1000

/**
 * Runs a call of GitHub's API that makes something. A reply that was lost leaves it open whether it is made, so it is looked
 * for before the call is tried once more; `create` itself must not be repeated by the client (`request: { retries: 0 }`).
 */
export async function createOnce(create: () => Promise<unknown>, exists: () => Promise<boolean>): Promise<void> {
  try {
    await create()
  } catch (error) {
    if (((error as { status?: number }).status ?? 0) < 500) throw error
    await setTimeout(PAUSE_MS)
    if (!(await exists())) await create()
  }
}

/** For calls that {@link createOnce} repeats where it is safe. */
export const NOT_REPEATED = { retries: 0 }
