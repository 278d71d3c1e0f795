/** A command as GitHub's runner found it in a line of a step's output. */
export interface FoundCommand {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

const COMMANDS = [
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'internal-set-repo-path'],
  ...['notice', 'remove-matcher', 'save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
]

/**
 * The runner's own reading of a line (`ActionCommand.cs` of actions/runner, `TryParseV2`, then `TryParse`): `::name a=b::data`
 * at its beginning, or `##[name a=b;]data` anywhere in it.
 */
export function findCommand(line: string): FoundCommand | undefined {
  return secondForm(line.trim()) ?? firstForm(line)
}

function secondForm(line: string): FoundCommand | undefined {
  const end = line.indexOf('::', 2)
  if (!line.startsWith('::') || end < 0) return undefined
  return found(line.slice(2, end), ',', line.slice(end + 2))
}

function firstForm(line: string): FoundCommand | undefined {
  const start = line.indexOf('##[')
  const end = line.indexOf(']', start)
  return start < 0 || end < 0 ? undefined : found(line.slice(start + 3, end), ';', line.slice(end + 1))
}

function found(head: string, separator: string, data: string): FoundCommand | undefined {
  const [command = '', ...rest] = head.split(' ')
  if (!COMMANDS.includes(command.toLowerCase())) return undefined
  const pairs = rest.join(' ').split(separator).filter(Boolean)
  const properties = pairs.map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at).trim(), unescaped(pair.slice(at + 1))] as const
  })
  return { command, properties: Object.fromEntries(properties), data: unescaped(data) }
}

function unescaped(text: string): string {
  return text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
