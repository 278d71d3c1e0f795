import type { Position } from '../../yaml/read-yaml.js'
import { inert } from './inert.js'

/** `mailsync.yaml:12` */
export function fileLine({ file, line }: Position): string {
  return `${inert(file)}:${line}`
}

/** `mailsync.yaml:12:5` */
export function fileLineColumn({ file, line, column }: Position): string {
  return `${inert(file)}:${line}:${column}`
}

/** `example.com. at cloudflare`, or as much of it as is known; empty where nothing is. */
export function zoneAt({ zone, provider }: { readonly zone?: string; readonly provider?: string }): string {
  if (zone === undefined) return provider === undefined ? '' : inert(provider)
  return provider === undefined ? inert(zone) : `${inert(zone)} at ${inert(provider)}`
}
