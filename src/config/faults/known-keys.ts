import * as z from 'zod'
import type { SpecPath } from '../../../records/finding.js'

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** Prepares the look-up of the keys a schema allows at a path; the schema is made and turned into data at the first question. */
export function knownKeysOf(schema: () => z.ZodType): (path: SpecPath) => readonly string[] {
  let root: JsonSchema | undefined
  return (path) => {
    root ??= z.toJSONSchema(schema(), { io: 'input', unrepresentable: 'any' }) as JsonSchema
    const nodes = path.reduce<readonly JsonSchema[]>((at, step) => at.flatMap((node) => stepInto(node, step)), [root])
    return nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}))
  }
}

function stepInto(schema: JsonSchema, step: string | number): JsonSchema[] {
  return alternatives(schema).flatMap((node) => {
    const next = typeof step === 'number' ? node.items : (propertyOf(node, step) ?? node.additionalProperties)
    return typeof next === 'object' ? [next] : []
  })
}

function propertyOf({ properties = {} }: JsonSchema, step: string): JsonSchema | undefined {
  return Object.hasOwn(properties, step) ? properties[step] : undefined
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf?.flatMap(alternatives) ?? [schema]
}
