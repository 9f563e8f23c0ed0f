/*
 * `node tools/run.cjs SCRIPT.ts [ARGUMENT...]`: what the npm scripts call. Installs the dependencies when they are not those of package-lock.json, so that a fresh
 * clone needs no step before; then runs the script on Node 24 or newer. In old JavaScript, since any Node may have to read it.
 */
'use strict'
var fs = require('fs')
var path = require('path')

var root = path.join(__dirname, '..')

if (!installed()) install()
require('./node24.cjs').run(process.argv[2], process.argv.slice(3))

/* Whether node_modules holds what package-lock.json says. npm notes what it installed in a hidden lock file; packages for other platforms are not in it. */
function installed() {
  var wanted = packages('package-lock.json')
  var present
  try {
    present = packages('node_modules/.package-lock.json')
  } catch (_) {
    return false
  }
  return Object.keys(wanted).every(function (name) {
    if (name === '') return true
    return present[name] ? present[name].integrity === wanted[name].integrity : wanted[name].optional
  })
}

function packages(lock) {
  return JSON.parse(fs.readFileSync(path.join(root, lock), 'utf8')).packages
}

function install() {
  console.error('Installing the dependencies of package-lock.json (npm ci) ...')
  var args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  // Under an npm script this is the npm that is running; Windows finds npm.cmd only through a shell.
  var npm = process.env.npm_execpath
  var run = require('child_process').spawnSync
  var options = { cwd: root, stdio: ['ignore', 2, 2], shell: !npm && process.platform === 'win32' }
  var done = npm ? run(process.execPath, [npm].concat(args), options) : run('npm', args, options)
  if (done.error || done.status !== 0) {
    console.error('npm ci failed' + (done.error ? ': ' + done.error.message : '') + ". Netwright can't run without its dependencies.")
    process.exit(2)
  }
}
