import type { Output } from './io.js'

/** Reports how far a long piece of work is: one line, kept up to date, and only where somebody looks. */
export function progressLine(
  err: Output,
  what: string,
): { update: (done: number, total: number) => void; end: () => void } {
  let shown = ''
  const show = (text: string): void => {
    if (!err.isTerminal || text === shown) return
    err.write(`\r\u001b[2K${text}`)
    shown = text
  }
  return {
    update: (done, total) => {
      const percent = Math.floor((100 * done) / Math.max(total, 1))
      if (total > 1) show(`${what} ${done - (done % Math.ceil(total / 200))}/${total} (${percent} %)`)
    },
    end: () => show(''),
  }
}
