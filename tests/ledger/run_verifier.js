// Runs the scripts of a verifier page: node run_verifier.js PAGE.html JOBS.json
// A job is {pack, key} (paths and text), {hash}, {json} or {signature: [key, signature, text]} (all in hex). The answers
// come back as one JSON list.
"use strict";
const fs = require("fs");
const vm = require("vm");

const [page, jobs] = process.argv.slice(2);
const scripts = [...fs.readFileSync(page, "utf8").matchAll(/<script>([^]*?)<\/script>/g)].map((found) => found[1]);
vm.runInThisContext(scripts[0]);
vm.runInThisContext(scripts[1]);
const core = vm.runInThisContext("GuiyanVerifier");
const checkPack = vm.runInThisContext("checkGuiyanPack");
const bytes = (hex) => core.unhex(hex);

function reads(json) {
  try {
    core.strictJson(bytes(json), "test");
    return true;
  } catch (refusal) {
    if (refusal.code !== "json") throw refusal;
    return false;
  }
}

const answers = JSON.parse(fs.readFileSync(jobs, "utf8")).map((job) => {
  if ("hash" in job) return [core.hex(core.sha256(bytes(job.hash))), core.hex(core.sha512(bytes(job.hash)))];
  if ("json" in job) return reads(job.json);
  if ("signature" in job) return core.ed25519Verify(...job.signature.map(bytes));
  return checkPack(new Uint8Array(fs.readFileSync(job.pack)), job.key);
});
process.stdout.write(JSON.stringify(answers));
