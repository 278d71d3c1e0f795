import { PassThrough, Writable } from 'node:stream'
import type { Terminal } from '../../src/io.js'

/** The keys a person presses. */
export const KEY = { enter: '\r', down: '\x1b[B', space: ' ', erase: '\x15', stop: '\x03' } as const

/** Keys for each question, in the order they come: `[words of the question, keys]`. */
export type Script = readonly (readonly [question: string, ...keys: string[]])[]

/** A terminal with a person at it who answers by a script. */
export function person(script: Script): { readonly terminal: Terminal; shown(): string; unasked(): readonly string[] } {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const left = [...script]
  let all = ''
  let since = ''
  const output = Object.assign(
    new Writable({
      write: (chunk: Buffer, _, done) => {
        all += chunk.toString()
        since += chunk.toString()
        const [next] = left
        if (next && since.includes(next[0])) {
          left.shift()
          since = ''
          setImmediate(() => input.write(next.slice(1).join('')))
        }
        done()
      },
    }),
    { isTTY: true, columns: 100, rows: 60 },
  )
  return { terminal: { input, output }, shown: () => all, unasked: () => left.map(([question]) => question) }
}
