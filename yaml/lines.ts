import type { YamlContext } from './context.js'
import type { YamlFile } from './files.js'
import { ListFrame } from './frame.js'
import type { Written } from './places.js'

/** The lines of a file as a list, without the blanks around them; what follows a `#`, and empty lines, are left out. */
export function composeLines({ text, start }: YamlFile, context: YamlContext): Written {
  if (!context.count(1, start)) return { value: [], at: start }
  const frame = new ListFrame(start, context)
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    const name = /^[ \t]*([^# \t][^#]*)/.exec(line[0])
    if (name?.[1] === undefined) continue
    const at = start + line.index + name[0].length - name[1].length
    if (!context.count(1, at)) break
    frame.add({ value: name[1].trimEnd(), at })
  }
  return frame.close()
}
