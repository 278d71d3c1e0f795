import type { Metafile } from 'esbuild'

export function joinChunks(outputs: Metafile['outputs'], doors: readonly string[]): Promise<void>
