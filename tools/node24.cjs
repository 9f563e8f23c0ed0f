/*
 * Runs a TypeScript file of this package on Node 24 or newer, whatever `node` the system has: in this process when it will do, else with the Node that npm brought
 * along (the optional dependencies node-PLATFORM-ARCH). In old JavaScript, since any Node may have to read it.
 */
'use strict'
var modules = require('module')
var path = require('path')

var root = path.join(__dirname, '..')

/* Runs `script`, a path from the package's root, with `args`, as if node had been called with it. */
exports.run = function run(script, args) {
  var file = path.join(root, script)
  // Compiled code is kept between runs, also by the Node processes started from here: it halves the start. Where the folder can't be written, nothing is kept and nothing said.
  process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || path.join(root, 'node_modules/.cache/compile')
  // Some distributions build Node without the part that strips types.
  if (parseInt(process.versions.node, 10) >= 24 && process.features.typescript) {
    process.argv = [process.argv[0], file].concat(args)
    modules.enableCompileCache()
    modules.runMain(file)
  } else {
    runElsewhere(bundledNode(), [file].concat(args))
  }
}

/* The Node binary that npm installed for this machine. Exits with 2 when there is none. */
function bundledNode() {
  var platform = process.platform === 'win32' ? 'win' : process.platform
  var name = 'node-' + platform + '-' + process.arch
  try {
    return path.join(path.dirname(require.resolve(name + '/package.json')), 'bin', platform === 'win' ? 'node.exe' : 'node')
  } catch (_) {
    console.error('Netwright needs Node 24 or newer: this is ' + process.version + '. The package ' + name + ' would bring one; npm install gets it.')
    process.exit(2)
  }
}

/* Runs a program in place of this process: its input, output, signals and end are ours. */
function runElsewhere(program, args) {
  var child = require('child_process').spawn(program, args, { stdio: 'inherit' })
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, function () {
      // A terminal sends Ctrl-C to both of us; passed on, it would count twice.
      if (signal !== 'SIGINT' || !require('tty').isatty(0)) child.kill(signal)
    })
  })
  child.on('error', function (error) {
    console.error('Netwright could not start ' + program + ': ' + error.message)
    process.exit(2)
  })
  child.on('exit', function (code, signal) {
    if (!signal) process.exit(code)
    signals.forEach(function (name) {
      process.removeAllListeners(name)
    })
    process.kill(process.pid, signal)
  })
}
