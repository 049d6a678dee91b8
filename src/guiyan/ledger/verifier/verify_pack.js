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
  const EPOCH = /^epochs\/([1-9][0-9]{0,3})\/(?:checkpoint|log\.vkey|log\.pub\.pem|(?:entries|proofs)\/[^/]+)$/;
  const BACK_MAX = 15 * 60 * 1000;
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

  // One part of the log as the pack proves it; `folder` is its place in the pack, "" for the newest.
  function readLog(members, folder) {
    const keys = folder || "keys/";
    for (const name of [folder + "checkpoint", keys + "log.pub.pem", keys + "log.vkey"])
      need(members.has(name), "member-missing", name);
    const line = text(members.get(keys + "log.vkey"));
    const vkey = line.slice(0, -1);
    const head = readCheckpoint(members.get(folder + "checkpoint"), vkey);
    const der = base64(joined(unhex("302a300506032b6570032100"), head.key));
    const pem = "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n";
    need(line === vkey + "\n" && same(members.get(keys + "log.pub.pem"), utf8(pem)), "key", keys);
    return { ...head, folder, vkey, fingerprint: digest(utf8(vkey)) };
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

  // A moment that exists: no 30 February, no 24:00, which programs read differently.
  function isMoment(text) {
    const moment = Date.parse(text);
    return !Number.isNaN(moment) && !text.startsWith("0000") && new Date(moment).toISOString() === text;
  }

  function readEntry(bytes, origins, about) {
    need(bytes.length >= 2 && bytes.length <= ENTRY_BYTES_MAX, "entry", about);
    const entry = strictJson(bytes, about);
    need(isObject(entry) && isWhole(entry.v, 1, 1), "entry", about);
    need(origins.includes(entry.log), "origin", about);
    need(fits(entry.type, TYPE) && fits(entry.t, TIME) && isMoment(entry.t), "entry", about);
    need(isObject(entry.actor) && isText(entry.actor.role) && Array.isArray(entry.obj), "entry", about);
    need(isObject(entry.pub) && isObject(entry.com), "entry", about);
    need(Object.values(entry.com).every(isHex), "entry", about);
    need(entry.obj.every((each) => isObject(each) && isHex(each.sha256) && isWhole(each.len, 0)), "entry", about);
    return entry;
  }

  // --- the pack
  function stepsOf(members, log, origins) {
    const steps = [];
    const proofs = new Set([...members.keys()].filter((name) => name.startsWith(log.folder + "proofs/")));
    for (const [name, bytes] of members) {
      if (!name.startsWith(log.folder + "entries/")) continue;
      const found = /^entries\/(0|[1-9][0-9]{0,15})\.json$/.exec(name.slice(log.folder.length));
      need(found, "member-unknown", name);
      const index = Number(found[1]);
      const path = log.folder + "proofs/" + found[1] + ".tlog-proof";
      need(proofs.delete(path), "member-missing", path);
      const proof = readProof(members.get(path));
      need(proof.index === index && same(proof.checkpoint, members.get(log.folder + "checkpoint")), "proof", path);
      const leaf = sha256(Uint8Array.of(0), bytes);
      need(included(index, leaf, proof.hashes, log), "proof", path);
      steps.push({ index, leaf: hex(leaf), fields: readEntry(bytes, origins, name), log: log.origin });
    }
    need(proofs.size === 0, "member-unlisted", [...proofs].sort()[0]);
    return steps.sort((one, two) => one.index - two.index);
  }

  // The steps, and what opens a later log. What waited when a log was continued keeps the old name in its bytes.
  function readSteps(members, logs) {
    const origins = logs.map((log) => log.origin);
    const all = logs.flatMap((log, place) => stepsOf(members, log, origins.slice(0, place + 1)));
    const later = new Set(origins.slice(1));
    const opens = (step) => later.has(step.log) && step.index === 0;
    const steps = all.filter((step) => !opens(step));
    need(steps.length, "export");
    return { steps, openings: all.filter(opens) };
  }

  // Each log after the first begins with a statement of where the one before ended; say what a restore lost.
  function checkJoined(logs, openings) {
    need(new Set(logs.map((log) => log.origin)).size === logs.length, "epoch", logs[logs.length - 1].origin);
    const remarks = [];
    const family = (origin) => origin.slice(0, Math.max(0, origin.lastIndexOf("/")));
    logs.slice(1).forEach(({ origin }, place) => {
      const before = logs[place];
      const opening = openings.find((step) => step.log === origin);
      const entry = opening ? opening.fields : {};
      need(entry.type === "log.epoch" && entry.log === origin && !("case" in entry), "epoch", origin);
      const stated = entry.pub;
      need(family(before.origin) === family(origin) && stated.origin === before.origin, "epoch", origin);
      need(isWhole(stated.size, before.size) && isHex(stated.root), "epoch", origin);
      const lost = stated.size - before.size;
      need(lost || stated.root === hex(before.root), "epoch", origin);
      if (lost) {
        remarks.push(
          `注意：${before.origin} 签过 ${stated.size} 条，恢复时丢失了最后 ${lost} 条，其中可能有本案的步骤。`,
          `NOTE: a restore lost its last ${lost} signed entries; steps of this case may be among them.`,
        );
      }
    });
    return remarks;
  }

  // Say where a step claims a time more than 15 minutes before the step it follows.
  function backward(steps) {
    const times = steps.map((step) => Date.parse(step.fields.t));
    const back = steps.filter((_, place) => place && times[place - 1] - times[place] > BACK_MAX);
    return back.map(
      ({ fields: { cseq } }) =>
        `注意：第 ${cseq} 步自称的时间早于前一步。NOTE: step ${cseq} claims a time before the one it follows.`,
    );
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

  function checkManifest(members, steps, logs) {
    const exported = steps[steps.length - 1];
    const sealed = exported.fields.pub.manifest_sha256;
    const newest = logs[logs.length - 1].origin;
    need(exported.log === newest && exported.fields.type === "case.exported" && isHex(sealed), "export");
    need(digest(members.get("manifest.json")) === sealed, "manifest");
    const listed = readManifest(members.get("manifest.json"));
    const outside = new Set([...members.keys()].filter((name) => name.startsWith("proofs/")));
    for (const name of ["manifest.json", "checkpoint", "entries/" + exported.index + ".json"]) outside.add(name);
    for (const [name, bytes] of members) {
      need(FIXED.includes(name) || FOLDER.test(name) || EPOCH.test(name), "member-unknown", name);
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

  function readCase(bytes, logs, steps) {
    const found = strictJson(bytes, "case.json");
    need(isObject(found) && isText(found.title) && isObject(found.system), "case");
    need(Array.isArray(found.published) && found.published.every(isText), "case");
    const [many, origins] = [logs.length > 1, logs.map((log) => log.origin)];
    const rows = steps.slice(0, -1).map(({ index, leaf, fields, log }) => {
      const row = { cseq: fields.cseq, index, leaf };
      return many ? { ...row, log } : row;
    });
    need(!many || JSON.stringify(found.logs) === JSON.stringify(origins), "case");
    const version = many ? 2 : 1;
    need(isWhole(found.v, version, version) && found.log === origins[origins.length - 1], "case");
    need(found.case === steps[0].fields.case, "case");
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

  function readDisclosed(bytes, logs, steps) {
    const raw = strictJson(bytes, "disclosed.json");
    const version = logs.length > 1 ? 2 : 1;
    need(isObject(raw) && isWhole(raw.v, version, version) && Array.isArray(raw.items), "disclosed");
    const byPlace = new Map(steps.map((step) => [step.log + " " + step.index, step.fields]));
    for (const item of raw.items) {
      need(isObject(item) && isText(item.field), "disclosed");
      need(isText(item.value) && isHex(item.salt), "disclosed", item.field);
      const log = version === 2 ? item.log : logs[0].origin;
      need(isWhole(item.index, 0) && isText(log), "disclosed", item.field);
      const entry = byPlace.get(log + " " + item.index);
      need(entry, "disclosed", item.field);
      const promised = item.field === "actor.auth" ? entry.actor.auth : entry.com[item.field];
      const start = utf8("hr-ev/commit/v1\u0000" + item.field + "\u0000");
      need(digest(start, unhex(item.salt), utf8(item.value)) === promised, "disclosed", item.field);
    }
    return raw.items;
  }

  // `data` is a Uint8Array, `logKeys` vkeys from outside the pack. Throws Refused.
  function check(data, logKeys) {
    const members = readArchive(data);
    for (const name of FIXED) need(members.has(name), "member-missing", name);
    const numbers = new Set();
    for (const name of members.keys()) if (EPOCH.test(name)) numbers.add(Number(EPOCH.exec(name)[1]));
    const folders = [...numbers].sort((one, two) => one - two).map((number) => "epochs/" + number + "/");
    const logs = [...folders, ""].map((folder) => readLog(members, folder));
    const { steps, openings } = readSteps(members, logs);
    const remarks = checkJoined(logs, openings);
    checkManifest(members, steps, logs);
    checkChain(steps);
    const found = readCase(members.get("case.json"), logs, steps);
    const documents = readDocuments(members, steps);
    const disclosed = readDisclosed(members.get("disclosed.json"), logs, steps);
    const newest = logs[logs.length - 1];
    need(!logKeys.length || logs.some((log) => logKeys.includes(log.vkey)), "other-key", newest.origin);
    for (const log of logs) {
      const told = logKeys.filter((key) => key.split("+")[0] === log.origin);
      need(!told.length || told.includes(log.vkey), "other-key", log.origin);
      log.confirmed = told.includes(log.vkey);
    }
    return {
      origin: newest.origin, size: newest.size, confirmed: logs.every((log) => log.confirmed),
      simulation: newest.origin.startsWith("sim/"), title: found.title, published: found.published, steps, documents,
      disclosed, remarks: [...remarks, ...backward(steps)],
      logs: logs.map(({ origin, size, vkey, fingerprint, confirmed }) => ({ origin, size, vkey, fingerprint, confirmed })),
    };
  }

  // The answer as plain data: exit 0, 1 or 2 as verify.py has it.
  return (data, logKeys) => {
    try {
      const pack = check(data, logKeys.split(/\s+/).filter(Boolean));
      return { exit: pack.confirmed ? 0 : 2, pack };
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      const [zh, en] = WORDS.reasons[refusal.code];
      return { exit: 1, code: refusal.code, about: refusal.about, zh, en };
    }
  };
})();
