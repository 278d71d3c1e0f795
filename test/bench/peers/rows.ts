import type { Peer } from './peer.js'

/** What a row is about, apart from the tool: rows of one `what` are compared. */
export interface Row {
  readonly what: string
  readonly peer: Peer['name']
  /** Seconds of CPU and of wall clock, MiB; or why there are none. */
  readonly result: { readonly cpu: number; readonly wall: number; readonly memory: number } | string
  /** Calls of HTTP, where they are counted. */
  readonly calls?: number | undefined
}

/** The rows as a table of Markdown; what the others took is also told as a multiple of what mailsync took. */
export function renderRows(rows: readonly Row[]): string {
  const lines = rows.map(({ what, peer, result, calls }) => {
    if (typeof result === 'string') return [what, peer, result, '', '', '']
    const own = rows.find((row) => row.what === what && row.peer === 'mailsync')?.result
    const beside = (value: number, of: 'cpu' | 'wall'): string =>
      peer === 'mailsync' || own === undefined || typeof own === 'string'
        ? value.toFixed(2)
        : `${value.toFixed(2)} (${(value / own[of]).toFixed(1)} ×)`
    return [what, peer, beside(result.cpu, 'cpu'), beside(result.wall, 'wall'), result.memory.toFixed(0), calls ?? '']
  })
  return [
    ['what', 'tool', 'CPU s', 'wall s', 'peak MiB', 'calls'],
    ['---', '---', '--:', '--:', '--:', '--:'],
    ...lines,
  ]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}
