// Takes out of the WASM what the console never runs, before wasm-opt makes the rest small.
//
// Functions are found by the names that rustc gives them, so this runs while the names are still there:
// - `hydrate_async` takes pages over piece by piece, for islands and lazy routes. The console takes the whole page over
//   at once, but every type-erased view carries a pointer to it, so no tool can see that it is dead: a quarter of all.
// - What composes the message of a panic. Panics abort, nobody reads the message, and a trap stays a trap.
//
// A function that was taken out traps when it is called, so a mistake here is loud. The compiler lets one function stand
// for all that are the same to the letter, so only large or never-returning ones may be named: the small ones around
// `hydrate_async` also stand for others that do run. What only the named ones need goes with them.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const UNUSED = [
  /::hydrate_async(::\{\{closure\}\})+(::h[0-9a-f]{16})?$/,
  /^core\[\w+\]::panicking::/,
  /^core::panicking::/,
  /^core\[\w+\]::(option|result)::(unwrap|expect)_failed/,
  /^core\[\w+\]::cell::panic_already/,
  /^core\[\w+\]::str::slice_error_fail/,
  /^core\[\w+\]::slice::index::\w+_fail$/,
];

const [, , path] = process.argv;
const module = binaryen.readBinary(readFileSync(path));
let found = 0;
for (let index = 0; index < module.getNumFunctions(); index++) {
  const reference = module.getFunctionByIndex(index);
  const { name, module: imported } = binaryen.getFunctionInfo(reference);
  if (imported || !UNUSED.some((pattern) => pattern.test(name))) continue;
  binaryen._BinaryenFunctionSetBody(reference, module.unreachable());
  found += 1;
}
if (found === 0) throw new Error(`${path} has no function names: build it without stripping symbols`);
writeFileSync(path, module.emitBinary());
console.log(`${found} functions that never run were taken out`);
