/* What the plan of a zone file needs, in one chunk (build.mjs). Nothing of it loads node:crypto, which takes 20 ms. */
import '../../providers/yaml/index.js'
import '../commands/plan.js'
import './run-process.js'
