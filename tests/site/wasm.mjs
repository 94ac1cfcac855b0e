// Diagnoses files with the engine's WebAssembly module: node wasm.mjs MODULE KNOWLEDGE OUT FILE... writes OUT/0.json, 1.json ...
// The imports are those of the site's loader: nothing that reaches a file, the network or the clock.
import fs from 'node:fs';

const [module, knowledge, out, ...files] = process.argv.slice(2);
const compiled = new WebAssembly.Module(fs.readFileSync(module));
const names = WebAssembly.Module.imports(compiled).map((i) => `${i.module}.${i.name}`).sort();
console.log(names.join('\n'));
const nothing = () => 8; // EBADF
const imports = {
  wasi_snapshot_preview1: { clock_time_get: () => 0, fd_close: nothing, fd_seek: nothing, fd_write: nothing },
};
const engine = new WebAssembly.Instance(compiled, imports).exports;
engine._initialize?.();

function put(bytes) {
  const at = engine.web_room(bytes.length);
  new Uint8Array(engine.memory.buffer).set(bytes, at);
  return bytes.length;
}
function result() {
  const bytes = new Uint8Array(engine.memory.buffer, engine.web_result(), engine.web_result_length());
  return Buffer.from(bytes);
}

if (engine.web_knowledge(put(fs.readFileSync(knowledge)))) throw new Error(result().toString());
files.forEach((file, i) => {
  const status = engine.web_diagnose(put(fs.readFileSync(file)), 0);
  fs.writeFileSync(`${out}/${i}.json`, status ? `${status} ${result()}` : result());
});
