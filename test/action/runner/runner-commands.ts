/** `::error file=mailsync.yaml,line=12::text` as the runner understands it. */
export interface RunnerCommand {
  readonly command: string
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

const COMMAND = /^::([a-z-]+)(?: ([^\n]*?))?::([^\n]*)$/

/** The commands in a step's log, found and read as the runner does (ActionCommand.cs of actions/runner, 2026-11). */
export function commandsIn(log: string): RunnerCommand[] {
  return log.split(/\r?\n/).flatMap((line) => {
    const match = COMMAND.exec(line.trimStart())
    if (!match) return []
    const [, command = '', list = '', data = ''] = match
    const pairs = list.split(',').filter((pair) => pair.includes('='))
    const properties = pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), unescaped(pair.slice(at + 1))]
    })
    return [{ command, message: unescaped(data), properties: Object.fromEntries(properties) }]
  })
}

/** The log as people see it: what was to be masked is. */
export function masked(log: string, masks: readonly string[]): string {
  return masks.reduce((text, mask) => text.replaceAll(mask, '***'), log.replace(/^::add-mask::.*\n/gm, ''))
}

/** A file of `GITHUB_OUTPUT`: `name<<delimiter`, the value's lines, the delimiter; or `name=value`. */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const rest = text.replace(/^([^\n<=]+)<<(\S+)\r?\n([\s\S]*?)\r?\n\2$/gm, (_, name: string, __, value: string) => {
    outputs[name] = value
    return ''
  })
  for (const [, name = '', value = ''] of rest.matchAll(/^([^\n=]+)=(.*)$/gm)) outputs[name] = value
  return outputs
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}
