/** What one spec may hold. A spec of 50,000 domains has 10 MB, a million nodes and 8 levels. */
export const YAML_LIMITS = {
  /** Bytes of one file. The parser keeps about 80 bytes for each byte of the densest YAML (measured with js-yaml 5.5, 2026-11). */
  fileBytes: 16 * 1024 * 1024,
  /** Nodes once every alias, merge and include is written out: what the stages after this one walk. */
  nodes: 5_000_000,
  /** Levels of nesting, also through aliases and includes, and files in a chain of includes. */
  levels: 100,
} as const
