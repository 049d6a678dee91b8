// The pack itself: what must lie in it and how its parts must agree (see verify.py for the same in Python).
"use strict";

const checkGuiyanPack = (() => {
  const { WORDS, Refused, need, utf8, joined, same, hex, unhex, base64, unbase64 } = GuiyanVerifier;
  const { isText, isHex, isWhole, isObject, fits } = GuiyanVerifier;
  const { sha256, ed25519Verify, strictJson, readArchive, ENTRY_BYTES_MAX } = GuiyanVerifier;
  const FIXED = [
    "00-报告.pdf", "00-验证说明.txt", "SHA256SUMS", "SM3SUMS", "case.json", "checkpoint", "disclosed.json",
    "keys/log.pub.pem", "keys/log.vkey", "manifest.json", "verify.html", "verify.py",
  ];
  const FOLDER = /^(?:docs|entries|keys|proofs)\//;
  const TYPE = /^[a-z][a-z0-9_.]{0,63}$/;
  const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
  const text = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const digest = (...parts) => hex(sha256(...parts));

  // --- log: key, checkpoint, proofs
  function readVkey(line) {
    const [name, id, ...rest] = line.split("+");
    need(rest.length && fits(name, /^[0-9a-z][0-9a-z._/-]{0,199}$/), "key", line.slice(0, 80));
    const raw = unbase64(rest.join("+"), "key");
    need(raw.length === 33 && raw[0] === 1, "key", name);
    const keyId = sha256(utf8(name + "\n"), raw).subarray(0, 4);
    need(hex(keyId) === id, "key", name);
    return { name, keyId, key: raw.subarray(1) };
  }

  function readCheckpoint(bytes, vkey) {
    const { name, keyId, key } = readVkey(vkey);
    const lines = text(bytes).split("\n");
    need(lines.length === 6 && lines[3] === "" && lines[5] === "", "checkpoint");
    need(lines[0] === name, "origin", lines[0]);
    need(/^(?:0|[1-9][0-9]{0,15})$/.test(lines[1]) && Number.isSafeInteger(Number(lines[1])), "checkpoint");
    const root = unbase64(lines[2], "checkpoint");
    const start = "— " + name + " ";
    need(lines[4].startsWith(start), "checkpoint");
    const blob = unbase64(lines[4].slice(start.length), "checkpoint");
    const signed = utf8(lines.slice(0, 3).join("\n") + "\n");
    need(root.length === 32 && same(blob.subarray(0, 4), keyId), "checkpoint");
    need(ed25519Verify(key, blob.subarray(4), signed), "checkpoint");
    return { origin: name, size: Number(lines[1]), root, key };
  }

  function readProof(bytes) {
    let gap = 0;
    while (gap + 1 < bytes.length && !(bytes[gap] === 10 && bytes[gap + 1] === 10)) gap += 1;
    const lines = text(bytes.subarray(0, gap)).split("\n");
    need(gap + 1 < bytes.length && lines[0] === "c2sp.org/tlog-proof@v1" && lines.length > 1, "proof");
    need(/^index (?:0|[1-9][0-9]{0,15})$/.test(lines[1]), "proof");
    const hashes = lines.slice(2).map((line) => unbase64(line, "proof"));
    return { index: Number(lines[1].slice(6)), hashes, checkpoint: bytes.subarray(gap + 2) };
  }

  // RFC 9162, section 2.1.3.2. Halving stands for shifting: sizes go beyond 32 bits.
  function included(index, leaf, hashes, head) {
    if (index >= head.size || hashes.some((each) => each.length !== 32)) return false;
    const [left, half] = [Uint8Array.of(1), (value) => Math.floor(value / 2)];
    let [position, last, value] = [index, head.size - 1, leaf];
    for (const sibling of hashes) {
      if (last === 0) return false;
      if (position % 2 === 1 || position === last) {
        value = sha256(left, sibling, value);
        while (position && position % 2 === 0) [position, last] = [half(position), half(last)];
      } else {
        value = sha256(left, value, sibling);
      }
      [position, last] = [half(position), half(last)];
    }
    return last === 0 && same(value, head.root);
  }

  function readEntry(bytes, origin, about) {
    need(bytes.length >= 2 && bytes.length <= ENTRY_BYTES_MAX, "entry", about);
    const entry = strictJson(bytes, about);
    need(isObject(entry) && isWhole(entry.v, 1, 1), "entry", about);
    need(entry.log === origin, "origin", about);
    need(fits(entry.type, TYPE) && fits(entry.t, TIME), "entry", about);
    need(isObject(entry.actor) && isText(entry.actor.role) && Array.isArray(entry.obj), "entry", about);
    need(isObject(entry.pub) && isObject(entry.com), "entry", about);
    need(Object.values(entry.com).every(isHex), "entry", about);
    need(entry.obj.every((each) => isObject(each) && isHex(each.sha256) && isWhole(each.len, 0)), "entry", about);
    return entry;
  }

  // --- the pack
  function readSteps(members, head) {
    const steps = [];
    const proofs = new Set([...members.keys()].filter((name) => name.startsWith("proofs/")));
    for (const [name, bytes] of members) {
      if (!name.startsWith("entries/")) continue;
      const found = /^entries\/(0|[1-9][0-9]{0,15})\.json$/.exec(name);
      need(found, "member-unknown", name);
      const index = Number(found[1]);
      const path = "proofs/" + found[1] + ".tlog-proof";
      need(proofs.delete(path), "member-missing", path);
      const proof = readProof(members.get(path));
      need(proof.index === index && same(proof.checkpoint, members.get("checkpoint")), "proof", path);
      const leaf = sha256(Uint8Array.of(0), bytes);
      need(included(index, leaf, proof.hashes, head), "proof", path);
      steps.push({ index, leaf: hex(leaf), fields: readEntry(bytes, head.origin, name) });
    }
    need(proofs.size === 0, "member-unlisted", [...proofs][0]);
    need(steps.length, "export");
    return steps.sort((one, two) => one.index - two.index);
  }

  function readManifest(bytes) {
    const manifest = strictJson(bytes, "manifest.json");
    need(isObject(manifest) && isWhole(manifest.v, 1, 1) && Array.isArray(manifest.files), "manifest");
    const listed = new Map();
    for (const each of manifest.files) {
      need(isObject(each) && isText(each.path), "manifest");
      need(isHex(each.sha256) && isHex(each.sm3) && isWhole(each.size, 0), "manifest");
      need(!listed.has(each.path), "manifest", each.path);
      listed.set(each.path, each);
    }
    return listed;
  }

  function checkManifest(members, steps) {
    const exported = steps[steps.length - 1];
    const sealed = exported.fields.pub.manifest_sha256;
    need(exported.fields.type === "case.exported" && isHex(sealed), "export");
    need(digest(members.get("manifest.json")) === sealed, "manifest");
    const listed = readManifest(members.get("manifest.json"));
    const outside = new Set(steps.map((step) => "proofs/" + step.index + ".tlog-proof"));
    for (const name of ["manifest.json", "checkpoint", "entries/" + exported.index + ".json"]) outside.add(name);
    for (const [name, bytes] of members) {
      need(FIXED.includes(name) || FOLDER.test(name), "member-unknown", name);
      need(listed.has(name) !== outside.has(name), "member-unlisted", name);
      const row = listed.get(name);
      need(!row || (row.size === bytes.length && row.sha256 === digest(bytes)), "member-changed", name);
    }
    for (const name of listed.keys()) need(members.has(name), "member-missing", name);
    for (const [sums, algorithm] of [["SHA256SUMS", "sha256"], ["SM3SUMS", "sm3"]]) {
      const rows = [...listed].filter(([name]) => !name.endsWith("SUMS"));
      const wanted = rows.map(([name, each]) => each[algorithm] + "  " + name + "\n").join("");
      need(same(members.get(sums), utf8(wanted)), "member-changed", sums);
    }
  }

  function checkChain(steps) {
    let before = "";
    steps.forEach(({ index, leaf, fields }, place) => {
      const about = "entries/" + index + ".json";
      need(fields.case === steps[0].fields.case && isHex(fields.case), "chain", about);
      need(isWhole(fields.cseq, place + 1, place + 1) && fields.cprev === before, "chain", about);
      before = leaf;
    });
    const count = steps.length - 1;
    need(count > 0, "head");
    const stated = steps[count].fields.pub;
    need(isWhole(stated.head_cseq, count, count) && stated.head_leaf === steps[count - 1].leaf, "head");
  }

  function readCase(bytes, origin, steps) {
    const found = strictJson(bytes, "case.json");
    need(isObject(found) && isText(found.title) && isObject(found.system), "case");
    need(Array.isArray(found.published) && found.published.every(isText), "case");
    need(isWhole(found.v, 1, 1) && found.log === origin && found.case === steps[0].fields.case, "case");
    const rows = steps.slice(0, -1).map(({ index, leaf, fields }) => ({ cseq: fields.cseq, index, leaf }));
    const wanted = [rows, { cseq: rows.length, leaf: rows[rows.length - 1].leaf }];
    need(JSON.stringify([found.steps, found.head]) === JSON.stringify(wanted), "case");
    return found;
  }

  function readDocuments(members, steps) {
    const known = new Set(steps.flatMap((step) => step.fields.obj.map((each) => each.sha256 + " " + each.len)));
    const documents = [...members.keys()].filter((name) => name.startsWith("docs/"));
    for (const name of documents)
      need(known.has(digest(members.get(name)) + " " + members.get(name).length), "document", name);
    return documents;
  }

  function readDisclosed(bytes, steps) {
    const raw = strictJson(bytes, "disclosed.json");
    need(isObject(raw) && isWhole(raw.v, 1, 1) && Array.isArray(raw.items), "disclosed");
    const byIndex = new Map(steps.map((step) => [step.index, step.fields]));
    for (const item of raw.items) {
      need(isObject(item) && isText(item.field), "disclosed");
      need(isText(item.value) && isHex(item.salt), "disclosed", item.field);
      need(isWhole(item.index, 0) && byIndex.has(item.index), "disclosed", item.field);
      const entry = byIndex.get(item.index);
      const promised = item.field === "actor.auth" ? entry.actor.auth : entry.com[item.field];
      const start = utf8("hr-ev/commit/v1\u0000" + item.field + "\u0000");
      need(digest(start, unhex(item.salt), utf8(item.value)) === promised, "disclosed", item.field);
    }
    return raw.items;
  }

  // `data` is a Uint8Array, `logKey` a vkey from outside the pack or "". Throws Refused.
  function check(data, logKey) {
    const members = readArchive(data);
    for (const name of FIXED) need(members.has(name), "member-missing", name);
    const line = text(members.get("keys/log.vkey"));
    const vkey = line.slice(0, -1);
    const head = readCheckpoint(members.get("checkpoint"), vkey);
    const der = base64(joined(unhex("302a300506032b6570032100"), head.key));
    const pem = "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n";
    need(line === vkey + "\n" && same(members.get("keys/log.pub.pem"), utf8(pem)), "key", "keys/");
    const steps = readSteps(members, head);
    checkManifest(members, steps);
    checkChain(steps);
    const found = readCase(members.get("case.json"), head.origin, steps);
    const documents = readDocuments(members, steps);
    const disclosed = readDisclosed(members.get("disclosed.json"), steps);
    need(!logKey || logKey === vkey, "other-key", head.origin);
    return {
      origin: head.origin, size: head.size, vkey, fingerprint: digest(utf8(vkey)), confirmed: logKey === vkey,
      simulation: head.origin.startsWith("sim/"), title: found.title, published: found.published, steps, documents,
      disclosed,
    };
  }

  // The answer as plain data: exit 0, 1 or 2 as verify.py has it.
  return (data, logKey) => {
    try {
      const pack = check(data, logKey);
      return { exit: pack.confirmed ? 0 : 2, pack };
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      const [zh, en] = WORDS.reasons[refusal.code];
      return { exit: 1, code: refusal.code, about: refusal.about, zh, en };
    }
  };
})();
