import { access } from 'node:fs/promises'
import { SpecErrors } from '../problem.js'
import { readSpecFile } from '../session.js'
import { loadSpec } from './load-config.js'

/** For what is told before the spec is read. Throws {@link SpecErrors} where there is no file, with how to get one. */
export async function assertSpecThere(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (!isThere) throw new SpecErrors((await loadSpec(file, readSpecFile)).problems)
}
