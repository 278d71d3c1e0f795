import { programPath } from '../../servers/dns-server.js'

/** What is to be installed, where a program is not that the workflows' own scripts need; GitHub's runners have them. */
export function missingProgram(program: string): string | undefined {
  if (programPath(program) !== undefined) return undefined
  const title = `${program.toUpperCase()} IS NOT INSTALLED: apt-get install ${program}`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}
