/** Offsets into the text, UTF-16 units, the end excluded. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A node, where it is written. */
export interface Written extends Span {
  /** Where the node itself begins, behind its anchor and tag. */
  readonly contentStart: number
  readonly tag?: string
}

export interface YamlScalar extends Written {
  readonly kind: 'scalar'
  readonly value: string
  readonly plain: boolean
}

export interface YamlPair extends Span {
  readonly key: YamlNode
  /** Offset behind the colon. */
  readonly valueFrom: number
  readonly value: YamlNode
}

export interface YamlMapping extends Written {
  readonly kind: 'mapping'
  readonly flow: boolean
  readonly pairs: readonly YamlPair[]
}

export interface YamlItem extends Span {
  readonly node: YamlNode
}

export interface YamlSequence extends Written {
  readonly kind: 'sequence'
  readonly flow: boolean
  /** In block style an item starts at its dash. */
  readonly items: readonly YamlItem[]
}

export interface YamlAlias extends Written {
  readonly kind: 'alias'
  readonly anchor: string
  readonly target: YamlNode
}

export type YamlNode = YamlScalar | YamlMapping | YamlSequence | YamlAlias
