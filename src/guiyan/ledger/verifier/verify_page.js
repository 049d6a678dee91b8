// The page around the check: a file, perhaps a key, and an answer in plain words.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const answer = byId("answer");
  let bytes = null;

  function put(parent, tag, text, name) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    parent.appendChild(made);
    return made;
  }

  // Text from a pack is shown without control and direction characters, and without line breaks of any kind.
  const clean = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");

  // A time of the log (UTC) by the clock of Beijing; as it stands when it is no time.
  function beijing(text) {
    const moment = Date.parse(text);
    return Number.isNaN(moment) ? text : new Date(moment + 8 * 3600 * 1000).toISOString().replace("T", " ").slice(0, -1);
  }

  // What a type of entry is called; "constructor" and its like are the browser's words, not ours.
  function named(type) {
    const { types } = GuiyanVerifier.WORDS;
    const known = Object.prototype.hasOwnProperty.call(types, type) ? types[type] : ["（未知类型）", type];
    return known.join(" / ");
  }

  function table(heads, rows) {
    const made = put(answer, "table", "");
    const top = put(put(made, "thead", ""), "tr", "");
    heads.forEach((head) => put(top, "th", head));
    const body = put(made, "tbody", "");
    for (const row of rows) {
      const line = put(body, "tr", "");
      row.forEach((cell) => put(line, "td", cell));
    }
  }

  function refused(result) {
    put(answer, "h2", "拒绝 Refused", "bad");
    put(answer, "p", `${result.zh}：${clean(result.about)}`);
    put(answer, "p", `[${result.code}] ${result.en}: ${clean(result.about)}`);
  }

  function simulated(pack) {
    if (pack.simulation) put(answer, "p", "模拟，不是证据 / SIMULATION, NOT EVIDENCE", "simulation");
  }

  function accepted({ pack }) {
    const part = (log) => (pack.logs.length > 1 ? " " + log.slice(log.lastIndexOf("/") + 1) : "");
    simulated(pack);
    if (pack.confirmed) {
      put(answer, "h2", "有效 Valid", "good");
      put(answer, "p", "公钥与您在包外持有的一致。The key is the one you hold.");
    } else {
      put(answer, "h2", "前后一致，公钥未确认 Consistent, key not confirmed", "open");
      put(answer, "p", "请把下面的指纹与包外的来源核对：单位公布的公钥、当事人手中的回执、仲裁机构存档；一致后把公钥填入上面的格子再验证。");
      put(answer, "p", "Compare the fingerprint with a source outside the pack (the employer's publication, a receipt that a party holds, the tribunal's file); then enter the key above and check again.");
      if (pack.published.length) put(answer, "p", "本包自称公布于 The pack says it is published at: " + clean(pack.published.join("; ")));
    }
    for (const log of [...pack.logs].reverse()) {
      put(answer, "p", "公钥指纹 Fingerprint (SHA-256): " + log.fingerprint, "code");
      put(answer, "p", "公钥 Key: " + log.vkey + (log.confirmed && !pack.confirmed ? "（已确认 confirmed）" : ""), "code");
    }
    put(answer, "h3", clean(pack.title));
    put(answer, "p", `日志 Log: ${pack.origin} (${pack.size})`);
    for (const log of pack.logs.slice(0, -1)) put(answer, "p", `恢复前的日志 Log before a restore: ${log.origin} (${log.size})`);
    for (const remark of pack.remarks) put(answer, "p", remark);
    put(answer, "p", "本页不检查时间戳；时间是系统自己的记录（北京时间）。This page does not check time stamps; times are the system's own record (Beijing time, UTC+8).");
    table(
      ["步骤 Step", "时间 Time", "事项 Event", "角色 Role", "序号 Index", "叶 Leaf"],
      pack.steps.map(({ index, leaf, fields, log }) => [
        fields.cseq, beijing(fields.t), named(fields.type), clean(fields.actor.role), index + part(log), leaf,
      ]),
    );
    put(answer, "h3", `附件 Documents (${pack.documents.length})`);
    pack.documents.forEach((name) => put(answer, "p", name));
    put(answer, "h3", `披露 Disclosed (${pack.disclosed.length})`);
    table(["序号 Index", "项目 Field", "内容 Value"], pack.disclosed.map((item) => [item.index + (item.log ? part(item.log) : ""), clean(item.field), clean(item.value)]));
    put(answer, "p", "导出之后的步骤不在本包中；输入的内容是否属实，本页不能证明。Steps after the export are not in here; whether what was entered is true cannot be proved by this page.");
    simulated(pack);
  }

  function run() {
    answer.textContent = "";
    if (!bytes) return;
    let result;
    try {
      result = checkGuiyanPack(bytes, byId("key").value.trim());
    } catch (fault) {
      put(answer, "h2", "无法验证 Could not be checked", "bad");
      put(answer, "p", String(fault));
      return;
    }
    if (result.exit === 1) refused(result);
    else accepted(result);
  }

  byId("pack").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    bytes = file ? new Uint8Array(await file.arrayBuffer()) : null;
    run();
  });
  byId("key").addEventListener("change", run);
})();
