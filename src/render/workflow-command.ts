import { inert } from './inert.js'

/**
 * A workflow command for GitHub's runner, `::error file=mailsync.yaml,line=12::message`. Values are made inert first; the
 * lines of the message stay lines.
 */
export function workflowCommand(
  command: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(inert(String(value)))}`)
  const lines = message.split(/\r?\n/).map(inert)
  return `::${command}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(lines.join('\n'))}\n`
}

/** The message of a workflow command, as `@actions/core` escapes it. */
export function escapeData(text: string): string {
  return text.replace(/[%\r\n]/g, percent)
}

/** The value of a property of a workflow command, as `@actions/core` escapes it. */
export function escapeProperty(text: string): string {
  return text.replace(/[%\r\n:,]/g, percent)
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
