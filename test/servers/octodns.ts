import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const VENV = process.env.MAILSYNC_OCTODNS ?? '.venv-octodns'

/** The interpreter of the virtual environment that MAILSYNC_OCTODNS names, or of `.venv-octodns`. */
export const octodnsPython = resolve(join(VENV, 'bin', 'python'))
export const isOctodnsAvailable = existsSync(join(VENV, 'bin', 'octodns-sync'))

/** The title of a skipped suite. Throws instead where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function missingOctodns(): string {
  const title = `OCTODNS IS NOT INSTALLED: python3 -m venv ${VENV} && ${VENV}/bin/pip install -r test/servers/octodns-requirements.txt`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}
