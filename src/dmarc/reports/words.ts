import type { SourceKind } from './judge/verdict.js'

/** The kinds of sources as they are told: what is to be done first. */
export const KINDS: readonly SourceKind[] = ['failing', 'unlisted', 'list', 'forwarded', 'ours', 'stranger']

export const KIND_TITLES: Readonly<Record<SourceKind, string>> = {
  failing: 'Ours, and failing',
  unlisted: 'Not in the spec',
  list: 'Changed on the way, as by mailing lists',
  forwarded: 'Forwarded',
  ours: 'Ours, and aligned',
  stranger: 'Strangers',
}

/** `100 %`, `99.6 %`; never rounded up to all, nor down to nothing. */
export function percentText(part: number, whole: number): string {
  if (whole === 0 || part === whole) return whole === 0 ? '0 %' : '100 %'
  if (part === 0) return '0 %'
  return `${Math.min(99.9, Math.max(0.1, Math.round((1000 * part) / whole) / 10))} %`
}
