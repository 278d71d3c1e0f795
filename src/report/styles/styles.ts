import { html } from '../html/html.js'
import { base } from './base.js'
import { changes } from './changes.js'
import { checks } from './checks.js'
import { colours } from './colours.js'
import { header } from './header.js'
import { map } from './map.js'
import { notices } from './notices.js'
import { panel } from './panel.js'
import { paper } from './paper.js'
import { tables } from './tables.js'

/** The style sheet of the report. */
export const styles = html`${[colours, base, header, notices, map, changes, tables, checks, panel, paper]}`
