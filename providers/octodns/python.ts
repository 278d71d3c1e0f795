import { access, constants } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { Unreadable } from '../files/file-error.js'
import { assertInside } from '../files/inside.js'
import type { ConnectContext } from '../provider.js'

/** An interpreter, and how a person calls it. */
export interface Python {
  /** A path, or a name to be found in PATH. */
  readonly program: string
  readonly shown: string
}

const BESIDE = join('.venv', 'bin', 'python')

/**
 * The interpreter that a spec names, or `.venv/bin/python` beside it, or `python3`. One that is named by its path is a
 * program of the repository, as an adapter that is a file: in a checkout it comes from inside, after symbolic links, or not at
 * all.
 */
export async function findPython(
  named: string | undefined,
  { directory, within }: Pick<ConnectContext, 'directory' | 'within'>,
): Promise<Python> {
  const isPath = named === undefined || named.includes('/')
  if (!isPath) return { program: named, shown: named }
  const program = resolve(directory, named ?? BESIDE)
  if (within !== undefined) requireInside(within, program)
  const isThere = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (isThere) return { program, shown: named ?? BESIDE }
  if (named === undefined) return { program: 'python3', shown: 'python3' }
  throw new MailsyncError('io', `there is no program ${named}`, {
    where: { file: program },
    hint: 'python is the path of a Python interpreter, relative to the spec, or a name to be found in PATH',
  })
}

function requireInside(folder: string, program: string): void {
  try {
    assertInside(folder, program)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new MailsyncError('io', `${program} is not run: ${error.message}`, {
      where: { file: program },
      hint: 'make the environment with `python3 -m venv --copies`, which has no link out of the checkout, or install octoDNS for the python3 of the runner and write `python: python3`',
      cause: error,
    })
  }
}

/** The line that installs packages for an interpreter. */
export function installLine({ shown }: Python, packages: readonly string[]): string {
  const quoted = packages.map((one) => (/[<>=]/.test(one) ? `'${one}'` : one)).join(' ')
  return shown.includes('/')
    ? `${shown} -m pip install ${quoted}`
    : `python3 -m venv .venv && .venv/bin/pip install ${quoted}`
}
