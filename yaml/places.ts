/** A value, and where it is written. */
export interface Written {
  readonly value: unknown
  readonly at: number
}

/** A mapping as read. It inherits nothing, so `__proto__` and `constructor` are keys like any other. */
export type Mapping = Record<string, unknown>

/** An empty prototype without one of its own: V8 keeps an object whose prototype is null as a hash table, three times as large. */
const NOTHING: object = Object.freeze(Object.create(null))

export const emptyMapping = (): Mapping => Object.create(NOTHING)

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const SEARCHED_IN_ORDER = 16

/**
 * Where the parts of one mapping or list are written, and how much there is of it. Offsets count from where it begins itself, so that
 * what is written alike in two places can be one object.
 */
export class Places {
  /** Keys of a mapping, in order; empty for a list. */
  keys: string[] = []
  keyAt: number[] = []
  valueAt: number[] = []
  /** Nodes in it, itself included, with aliases written out. */
  nodes = 1
  /** Levels in it, itself included. */
  levels = 1
  /** True while it is being read: an alias to it from within would never end. */
  open = true
  #index: Map<string, number> | undefined

  add(key: string, keyAt: number, valueAt: number): void {
    this.#index?.set(key, this.keys.length)
    this.keys.push(key)
    this.keyAt.push(keyAt)
    this.valueAt.push(valueAt)
  }

  move(index: number, keyAt: number, valueAt: number): void {
    this.keyAt[index] = keyAt
    this.valueAt[index] = valueAt
  }

  /** Index of a key, or -1. */
  indexOf(key: string): number {
    if (this.keys.length <= SEARCHED_IN_ORDER) return this.keys.indexOf(key)
    this.#index ??= new Map(this.keys.map((name, index) => [name, index]))
    return this.#index.get(key) ?? -1
  }

  /** Notes that all of it was read, with so many nodes. What grew by pushing has room for seventeen at least, and most have two. */
  close(nodes: number): void {
    this.nodes = nodes
    this.open = false
    this.keys = this.keys.slice()
    this.keyAt = this.keyAt.slice()
    this.valueAt = this.valueAt.slice()
  }

  /** Notes that something of so many levels stands in it. */
  holds(levels: number): void {
    if (levels >= this.levels) this.levels = levels + 1
  }
}

/** What has been read, by the object it became. An alias is the same object again. */
export type PlacesByValue = Map<unknown, Places>

/** What was made of files before: one with the same text need not be read again. */
export interface Composed {
  /** Those that include no other, by `fileKey`; `at` counts from where the file begins. */
  readonly files: ReadonlyMap<string, Written & { readonly text: string; readonly nodes: number }>
  readonly places: PlacesByValue
}

/** How deep a value is: 0 for a scalar. */
export const levelsOf = (value: unknown, known: PlacesByValue): number =>
  typeof value === 'object' && value !== null ? (known.get(value)?.levels ?? 0) : 0

/** Where the value (or its key) at a path is written; of a path that does not exist, where the last part that does is named. */
export function placeOf(
  root: Written,
  known: PlacesByValue,
  path: readonly (string | number)[],
  at: 'key' | 'value',
): number {
  let { value, at: valueAt } = root
  let keyAt = valueAt
  for (const step of path) {
    const places = known.get(value)
    if (Array.isArray(value)) {
      const itemAt = places?.valueAt[Number(step)]
      if (itemAt === undefined) return keyAt
      value = value[Number(step)]
      keyAt = valueAt += itemAt
    } else {
      const index = places?.indexOf(String(step)) ?? -1
      if (places === undefined || index < 0 || !isMapping(value)) return keyAt
      value = value[String(step)]
      keyAt = valueAt + (places.keyAt[index] ?? 0)
      valueAt += places.valueAt[index] ?? 0
    }
  }
  return at === 'key' ? keyAt : valueAt
}
