import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, serverProcess } from './server-process.js'

const VENV = process.env.MAILSYNC_MOTO ?? '.venv-moto'
const PROGRAM = join(VENV, 'bin', 'moto_server')

/** Whether `moto_server` is in the virtual environment that MAILSYNC_MOTO names, or in `.venv-moto`. */
export const isMotoAvailable = existsSync(PROGRAM)

/** The title of a skipped suite. Throws instead where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function missingMoto(): string {
  const title = `MOTO IS NOT INSTALLED: python3 -m venv ${VENV} && ${VENV}/bin/pip install 'moto[server]'`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

/** The version of moto that is installed. */
export function motoVersion(): string {
  const print = "import importlib.metadata as m; print(m.version('moto'))"
  return spawnSync(join(VENV, 'bin', 'python'), ['-c', print], { encoding: 'utf8' }).stdout.trim()
}

/** moto, an imitation of AWS that others wrote, on a free port of 127.0.0.1. */
export async function startMoto(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const port = await freePort()
  const server = serverProcess({
    program: PROGRAM,
    args: ['-H', '127.0.0.1', '-p', String(port)],
    ready: /Running on http/,
  })
  await server.start()
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.kill('SIGTERM') }
}
