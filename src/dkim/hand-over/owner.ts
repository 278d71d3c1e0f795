import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'

/** A user of this machine, by numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The user with this name; undefined where this machine has none, or this process may not give files away. */
export async function ownerNamed(user: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await promisify(execFile)('id', [flag, '--', user])).stdout)),
    )
    return uid === undefined || gid === undefined ? undefined : { uid, gid }
  } catch {
    return undefined
  }
}
