import type { PanelEntry } from '../plan/plan.js'

/** The fields of a record as a panel has them, beside its host, type, value and TTL. */
type Fields = Pick<PanelEntry, 'priority' | 'weight' | 'port' | 'flags' | 'tag' | 'usage' | 'selector' | 'matching'>

/** One field, with the label that most panels give it. */
export interface PanelField {
  readonly label: string
  readonly text: string
  /** What stood there, where it was something else. */
  readonly old?: string
}

const LABELS = {
  priority: 'Priority',
  weight: 'Weight',
  port: 'Port',
  flags: 'Flags',
  tag: 'Tag',
  usage: 'Usage',
  selector: 'Selector',
  matching: 'Matching type',
} as const satisfies Record<keyof Fields, string>

/** The fields that a record has before its value, in the order of its type's presentation form. */
export function panelFields(entry: Fields & { readonly was?: Fields }): PanelField[] {
  const { was } = entry
  return (Object.keys(LABELS) as (keyof Fields)[]).flatMap((key) => {
    const now = entry[key]
    if (now === undefined) return []
    const old = was?.[key]
    return [
      { label: LABELS[key], text: String(now), ...(old === undefined || old === now ? {} : { old: String(old) }) },
    ]
  })
}

/** The fields and the value in one line, as people write a record. */
export function wholeValue(entry: Fields & Pick<PanelEntry, 'value'>): string {
  return [...panelFields(entry).map(({ text }) => text), entry.value].join(' ')
}
