import type { Metafile } from 'esbuild'

export function bundledPackages(metafile: Metafile): string[]
export function notices(folders: readonly string[]): Promise<string>
