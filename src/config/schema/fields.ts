import type * as z from 'zod'

type Fields = Readonly<Record<string, () => z.ZodType>>
type Shape<F extends Fields> = { [K in keyof F]: ReturnType<F[K]> }

/**
 * The shape of an object whose fields are all optional, with those that a spec uses: zod takes longer to make the schemas of all than
 * a small plan takes for the rest.
 *
 * @param used names of the fields that are there; absent: all are wanted
 */
export function shapeOf<F extends Fields>(fields: F, used?: ReadonlySet<string>): Shape<F> {
  const wanted = Object.entries(fields).filter(([name]) => used?.has(name) ?? true)
  return Object.fromEntries(wanted.map(([name, make]) => [name, make()])) as Shape<F>
}
