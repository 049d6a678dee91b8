"""Every sentence of the import bench, Chinese first. `say(kind, **facts)` fills the facts in."""

Pair = tuple[str, str]

REPAIRS: dict[str, Pair] = {
    "spelling": (
        "去掉多余空格、不可见字符，全角改半角。",
        "Spaces and invisible characters removed, full-width signs narrowed.",
    ),
    "placeholder": ("占位符，表示没有内容。", "A placeholder that means nothing is there."),
    "not_yet": ("文字表示尚未发生，留空。", "The words say that it has not happened yet; left empty."),
    "open_end": ("文字表示没有终止日期。", "The words say that there is no end date."),
    "date_format": ("统一日期写法，日期不变。", "Same date in the usual spelling."),
    "date_one_reading": ("只有一种可能的日期读法。", "Only one reading of this date is possible."),
    "excel_serial": (
        "Excel 日期序号（{system} 日期系统）换算为日期。",
        "Excel serial number ({system} system) turned into its date.",
    ),
    "time_dropped": ("去掉时间，只留日期。", "Time of day removed; the date is kept."),
    "number_as_text": ("数字格式的号码改为文本，数字不变。", "A number kept as text; its digits are unchanged."),
    "document_kind": ("按号码格式认定证件类型：{kind}。", "Document type recognised by its form: {kind}."),
    "identity_old_form": (
        "15 位旧号码按规则换为 18 位：加世纪 19，算出校验码。",
        "Old 15-digit number turned into 18 by rule: century 19 inserted, check digit computed.",
    ),
    "repeated_in_cell": ("同一号码在格内重复，只留一个。", "The same number stood twice in the cell; kept once."),
    "thousands": ("去掉千分位分隔符。", "Thousands separators removed."),
    "number_from_text": ("文字形式的数字改为数值。", "A number written as text."),
    "scaled": ("按“万”“千”换算为元。", "Ten-thousands or thousands turned into yuan."),
    "unit_of_header": ("按表头单位换算，乘以 {factor}。", "Multiplied by {factor}, the unit in the header."),
    "rounded_to_cents": ("四舍五入到分。", "Rounded half up to cents."),
    "percent_of_base": ("按基本工资的百分比计算。", "A percentage of the base wage."),
    "no_probation": ("文字表示没有试用期。", "The words say that there is no probation."),
    "word": ("换为规范用词，意思不变。", "The same meaning in the usual word."),
    "name_spelling": ("去掉姓名中的空格，统一间隔号。", "Spaces in the name removed, one kind of middle dot."),
    "name_bracket": ("姓名后的“{note}”移到备注或别名。", "“{note}” after the name moved to remark or alias."),
    "merged_cell": ("合并单元格，取第 {row} 行的值。", "A merged cell; its value stands in row {row}."),
    "sex_from_identity": (
        "性别为空，按身份证号码第 17 位填写。",
        "Sex was empty; taken from digit 17 of the identity number.",
    ),
    "kind_from_end": (
        "劳动合同写明终止日期，即固定期限。",
        "A labour contract with an end date is a fixed-term contract.",
    ),
    "kind_from_open_end": (
        "劳动合同写明无终止日期，即无固定期限。",
        "A labour contract stated to have no end is open-ended.",
    ),
    "duplicate_row": ("与第 {row} 行完全相同，只留一行。", "Identical with row {row}; kept once."),
    "department_alias": ("部门别名表中写明的同一部门。", "The same department by the table of aliases."),
    "department_path": ("部门路径拆为各级部门。", "A department path split into its levels."),
    "period_split": ("合同起止拆为起始和终止日期。", "A contract period split into start and end."),
    "on_leave": (
        "“{word}”的人仍是在职；这个词记入备注。",
        "“{word}” means still employed; the word is kept in the remark.",
    ),
    "answered": ("按人工回答。", "As a person answered."),
}

QUESTIONS: dict[str, Pair] = {
    "excel_error": (
        "单元格是 Excel 错误值，请填写正确内容。",
        "The cell holds an Excel error; what should stand there?",
    ),
    "ditto": ("写着“同上”，请填写具体内容。", "The cell says “as above”; give the content itself."),
    "date_far": (
        "日期 {date} 太远，多半表示没有终止，请确认。",
        "{date} is so far away that it probably means no end; please confirm.",
    ),
    "kind_hinted": (
        "别处写着“{claim}”，与合同类型栏不一致或该栏为空，是哪一种？",
        "Other words say “{claim}” while the contract type says otherwise or nothing; which is it?",
    ),
    "outsourced": (
        "写着外包、外聘一类的词，可能不是本公司员工，怎么办？",
        "The words speak of outsourced or outside staff, perhaps no employee of this company; what should happen?",
    ),
    "leaving_undated": (
        "写着待离职，但没有离职日期，请填写。",
        "The row says leaving but has no leave date; please give it.",
    ),
    "leaving_past": (
        "写着待离职，但离职日期已经过去，现在是哪一种？",
        "The row says leaving, but the leave date has passed; which is right?",
    ),
    "joining_past": (
        "写着待入职，但入职日期已经过去，请核对入职日期。",
        "The row says yet to start, but the hire date has passed; please check it.",
    ),
    "remark_says_left": (
        "备注或批注说已离职，却没有离职日期。已离职请填写离职日期。",
        "The remark or a comment says that the person has left, but there is no leave date. If so, give it.",
    ),
    "struck_out": (
        "姓名被划了删除线，是否已离职？已离职请填写离职日期。",
        "The name is crossed out. Has the person left? If so, give the leave date.",
    ),
    "department_blank": (
        "部门空着，本表大量部门只写在第一行，是否与上面的行相同？",
        "The department is empty, and in this sheet it often stands in the first row only; is it the one above?",
    ),
    "department_section": (
        "没有部门栏，这一行在“{section}”下面，这是部门吗？",
        "There is no column for the department, and the row stands under “{section}”; is that the department?",
    ),
    "department_renamed": (
        "部门写了新旧两个名称，用哪一个？",
        "Two names of the department are written, an old and a new one; which one counts?",
    ),
    "name_gap": (
        "姓名较长，中间有空格，原来可能是间隔号，法定姓名怎么写？",
        "A long name with a space where a middle dot may have stood; how is the legal name written?",
    ),
    "undecided": ("内容写着待定或不详，请填写或留空。", "The cell says undecided or unknown; fill in or leave empty."),
    "word_unknown": ("不认识这个词，是下列哪一种？", "This word is not known; which of these is meant?"),
    "date_unreadable": ("读不出日期，请填写年月日。", "No date can be read here; give year, month and day."),
    "date_month_or_day_lost": (
        "日期被 Excel 存成小数，月日不完整（如 2021.1 可能是 1 月或 10 月）。",
        "Excel kept this date as a decimal; month or day is incomplete (2021.1 may be January or October).",
    ),
    "date_year_only": ("只有年份，请填写完整日期。", "Only a year is written; give the whole date."),
    "date_month_only": ("只有年月，是哪一天？", "Only year and month are written; which day?"),
    "date_ambiguous": ("这个日期有多种读法，是哪一天？", "This date can be read in several ways; which day is meant?"),
    "date_letters": ("日期里混有字母，请核对。", "Letters stand among the digits of this date; please check."),
    "hire_missing": ("没有入职日期，请填写。", "There is no hire date; please give it."),
    "identity_unreadable": ("证件号码无法识别，请核对。", "This identity number cannot be understood; please check."),
    "identity_digits_lost": (
        "号码被 Excel 存成数字，末几位已经丢失（可读部分 {known}，出生日期 {birth}），请照证件填写完整号码。",
        "Excel kept this number as a figure and lost its last digits (readable: {known}, birth date {birth}); "
        "copy the whole number from the document.",
    ),
    "identity_length": (
        "证件号码有 {length} 位，不是完整的 18 位，请核对。",
        "The number has {length} digits, not 18; please check.",
    ),
    "identity_letters": (
        "证件号码里混有字母，请核对。",
        "Letters stand among the digits of this number; please check.",
    ),
    "identity_area": ("号码开头的地区码 {area} 不存在，请核对。", "The area code {area} does not exist; please check."),
    "identity_check_digit": (
        "身份证号码校验码不符，至少有一位写错，请核对。",
        "The check digit does not fit: at least one digit is wrong.",
    ),
    "document_kind_unclear": (
        "这个号码可能属于不同证件，是哪一种？",
        "This number fits more than one document; which is it?",
    ),
    "phone_unreadable": ("电话无法识别，请核对。", "This phone number cannot be understood; please check."),
    "phone_digits_lost": (
        "电话被存成科学计数，数字已丢失，请填写。",
        "The number is in scientific notation; digits are lost.",
    ),
    "phone_length": (
        "电话有 {length} 位数字，不完整或多出，请核对。",
        "The phone number has {length} digits: too few or too many.",
    ),
    "phone_several": (
        "格内有多个电话，用哪一个？",
        "Several phone numbers stand in one cell; which one is to be used?",
    ),
    "phone_letters": ("电话里混有字母，请核对。", "Letters stand among the digits of this phone number; please check."),
    "email_unreadable": ("邮箱格式不对，请核对。", "This is no e-mail address; please check."),
    "email_several": ("格内有多个邮箱，用哪一个？", "Several addresses stand in one cell; which one is to be used?"),
    "amount_unreadable": ("金额无法识别，请填写每月元数。", "No amount can be read here; give yuan per month."),
    "amount_range": ("写的是范围，请填写确定金额。", "A range is written; give one amount."),
    "amount_point": ("小数点可能是千分位，金额是多少？", "The point may separate thousands; what is the amount?"),
    "wage_magnitude": (
        "金额大小不像月薪，单位可能不同，是多少元？",
        "This does not look like a monthly wage; how many yuan?",
    ),
    "fraction_or_amount": (
        "小数可能是比例，也可能是金额，请确认。",
        "The fraction may be a share or an amount; please confirm.",
    ),
    "probation_unreadable": ("试用期无法识别，请填写整月数。", "No probation can be read here; give whole months."),
    "probation_days": (
        "试用期按天或周写，法律按月计算，是几个月？",
        "Probation is given in days or weeks; the law counts months. How many?",
    ),
    "probation_magnitude": (
        "试用期 {months} 个月过长，请核对。",
        "A probation of {months} months is very long; please check.",
    ),
    "name_unreadable": ("姓名无法识别，请填写法定姓名。", "No name can be read here; give the legal name."),
    "name_characters_lost": (
        "姓名里有丢失或遮盖的字，请填写全名。",
        "A character of the name was lost or hidden; give the full name.",
    ),
    "name_short": ("姓名只有一个字，请核对。", "The name has one character only; please check."),
    "name_tag": (
        "姓名后有用于区分同名的标记，法定姓名是哪个？",
        "A mark after the name tells people apart; what is the legal name?",
    ),
    "number_unreadable": ("工号无法识别，请核对。", "This employee number cannot be understood; please check."),
    "number_zeros_lost": (
        "工号开头的 0 可能被 Excel 去掉，是哪一个？",
        "Excel may have removed leading zeros; which number is right?",
    ),
    "sex_unreadable": ("性别无法识别，请选择。", "Sex cannot be read here; please choose."),
    "sex_conflict": (
        "性别写“{written}”，身份证号码显示“{identity}”，以哪个为准？",
        "The cell says {written}, the identity number says {identity}.",
    ),
    "birth_conflict": (
        "出生日期与证件号码（{identity}）不一致，以哪个为准？",
        "The birth date differs from the document ({identity}).",
    ),
    "age_at_hire": (
        "入职时只有 {age} 周岁（不满 16），请核对入职日期。",
        "Only {age} years old at hire (under 16); check the hire date.",
    ),
    "hire_in_future": ("入职日期在 90 天以后，请核对。", "The hire date lies more than 90 days ahead; please check."),
    "hire_after_leave": (
        "入职日期晚于离职日期（{leave}），请核对入职日期。",
        "Hired after leaving ({leave}); check the hire date.",
    ),
    "leave_in_future": (
        "离职日期晚于今天，是计划离职还是写错？",
        "The leave date lies ahead: is it planned, or a mistake?",
    ),
    "leave_missing": (
        "已离职但没有离职日期，请填写。",
        "The person has left but there is no leave date; please give it.",
    ),
    "status_conflict": (
        "写着“在职”但有离职日期，以哪个为准？",
        "The row says employed but has a leave date; which is right?",
    ),
    "contract_end_before_start": (
        "合同终止早于起始（{start}），请填写正确的终止日期。",
        "The contract ends before it starts ({start}).",
    ),
    "contract_end_missing": (
        "固定期限合同没有终止日期，请填写或改合同类型。",
        "A fixed-term contract has no end date; give it or change the type.",
    ),
    "contract_end_on_open": (
        "无固定期限合同却有终止日期，以哪个为准？",
        "An open-ended contract has an end date; which is right?",
    ),
    "contract_kind_open": (
        "“劳动合同”没有写明期限，是哪一种？",
        "The labour contract does not say for which term; which kind is it?",
    ),
    "regular_before_hire": ("转正日期早于入职日期，请核对。", "Regularised before the hire date; please check."),
    "period_unreadable": (
        "合同期限读不出起止日期，请写成“起始至终止”。",
        "No start and end can be read; write them as “start至end”.",
    ),
    "number_taken": (
        "工号与第 {rows} 行（{names}）重复，但不是同一人，这一行的工号是什么？",
        "The employee number is also in row {rows} ({names}), a different person.",
    ),
    "number_taken_stored": (
        "工号已属于系统中的另一人（{names}），请核对。",
        "The employee number already belongs to somebody else ({names}).",
    ),
    "person_twice": (
        "与第 {rows} 行证件或工号相同，内容不同（{fields}），留哪一行？",
        "The same person as row {rows} with different content ({fields}); which row counts?",
    ),
    "name_differs": (
        "证件号码与第 {rows} 行相同，姓名却是“{names}”，请核对号码。",
        "The same identity number as row {rows}, where the name is {names}.",
    ),
    "name_differs_stored": (
        "证件号码已属于系统中的“{names}”，请核对。",
        "The identity number is stored for {names}; please check.",
    ),
    "spells_overlap": (
        "与同一人第 {rows} 行的任职时间重叠，请核对入职日期。",
        "Overlaps the employment of the same person in row {rows}.",
    ),
    "stored_hire_differs": (
        "系统中此人在职，入职日期是 {stored}，以哪个为准？",
        "This person is stored as employed since {stored}; which is right?",
    ),
    "department_alias": ("“{written}”与“{like}”是同一部门吗？", "Is “{written}” the same department as “{like}”?"),
    "department_not_in_codes": (
        "部门代码表里没有“{written}”，是新部门还是写错？",
        "“{written}” is not in the code table: new, or a mistake?",
    ),
    "manager_unknown": (
        "花名册里没有在职的“{written}”，上级是谁？",
        "Nobody employed is called “{written}”; who is the manager?",
    ),
    "manager_ambiguous": (
        "有 {count} 人叫“{written}”，上级是哪一位？",
        "{count} people are called “{written}”; which one is the manager?",
    ),
    "manager_left": (
        "上级“{written}”已离职（{leave}），现在由谁管理？",
        "The manager “{written}” has left ({leave}); who manages now?",
    ),
    "manager_number_name": (
        "上级的工号与姓名不是同一人，请核对。",
        "The manager's number and name are two people; please check.",
    ),
    "manager_self": ("上级写的是本人，请核对。", "The person is named as their own manager; please check."),
    "manager_cycle": (
        "上下级成环（{chain}），请指出谁没有上级或改正上级。",
        "The reporting line runs in a circle ({chain}).",
    ),
}

REFUSALS: dict[str, Pair] = {
    "date_impossible": ("日期不存在：{date}。", "There is no such day: {date}."),
    "date_out_of_range": ("日期超出合理范围：{date}。", "The date lies outside any plausible range: {date}."),
    "identity_birth_impossible": (
        "身份证号码中的出生日期不存在或在未来：{birth}。",
        "The birth date in the identity number is impossible: {birth}.",
    ),
    "amount_negative": ("数值为负，请更正。", "The figure is negative; please correct it."),
    "row_too_wide": (
        "这一行比表头多出内容，多半是文字里有没加引号的分隔符，各列已经错位，请更正。",
        "The row has more cells than the header; a separator inside a text has shifted its columns. Please correct it.",
    ),
    "name_missing": ("没有姓名。", "There is no name."),
    "no_key": (
        "既没有证件号码也没有工号，无法识别是谁。",
        "Neither an identity number nor an employee number: nobody can be told.",
    ),
}

FINDINGS: dict[str, Pair] = {
    "probation_too_long": (
        "试用期 {months} 个月，超过法定上限 {maximum} 个月。",
        "Probation of {months} months; the law allows {maximum}.",
    ),
    "probation_on_rehire": (
        "再次入职又约定试用期：同一单位与同一劳动者只能约定一次。",
        "A second probation after a return: only one may be agreed.",
    ),
    "contract_expired": (
        "合同已于 {end} 到期，人员仍在职。",
        "The contract ended on {end} and the person still works.",
    ),
    "contract_missing": ("在职但没有合同类型或起始日期。", "Employed without a kind or start of contract on file."),
    "contract_late": (
        "合同起始（{start}）晚于入职一个月以上。",
        "The contract starts ({start}) more than a month after the hire.",
    ),
    "contract_early": (
        "合同起始（{start}）早于入职 90 天以上，请核对。",
        "The contract starts ({start}) more than 90 days before the hire.",
    ),
    "contract_end_unknown": ("固定期限合同的终止日期未填。", "The end of a fixed-term contract is not on file."),
    "regular_differs": (
        "转正日期与入职日期加试用期（{expected}）不一致，请核对。",
        "The regularisation date differs from hire date plus probation ({expected}).",
    ),
    "remark_left": (
        "备注提到离职，但没有离职日期，请核对。",
        "The remark speaks of leaving but there is no leave date; please check.",
    ),
    "retirement_near": (
        "一年内可能到达法定退休年龄（{age} 周岁），请核算。",
        "May reach retirement age within a year (age {age}); please check.",
    ),
    "retirement_passed": (
        "可能已过法定退休年龄（{age} 周岁），请核算。",
        "May be past retirement age (age {age}); please check.",
    ),
    "under_age": ("按回答载入：入职时不满 16 周岁。", "Loaded as answered: under 16 at hire."),
    "sex_kept": ("按回答载入：性别与身份证号码不一致。", "Loaded as answered: sex differs from the identity number."),
    "identity_missing": (
        "没有证件号码，只能按工号和姓名识别。",
        "No identity document; known by number and name only.",
    ),
    "name_shared": ("同名 {count} 人，请用工号区分。", "{count} people share this name; tell them apart by number."),
    "phone_shared": ("电话与第 {rows} 行相同。", "The phone number is also in row {rows}."),
    "email_shared": ("邮箱与第 {rows} 行相同。", "The e-mail address is also in row {rows}."),
    "manager_waiting": (
        "上级“{written}”所在行未载入，载入后再建立上下级。",
        "The row of the manager “{written}” is not loaded yet; the link follows.",
    ),
    "hire_ahead": ("尚未入职：{hire}。", "Not yet started: {hire}."),
    "leaving_planned": ("计划于 {leave} 离职。", "Planned to leave on {leave}."),
    "department_new": (
        "新部门“{written}”，不在代码表或系统中。",
        "New department “{written}”, not in the code table or the system.",
    ),
    "kind_kept": (
        "按回答载入：别处写着“{claim}”。",
        "Loaded as answered, although other words say “{claim}”.",
    ),
    "protection_hint": (
        "状态写着“{word}”，可能受解雇保护，请登记保护期。",
        "The status says “{word}”: dismissal may be barred; please put the protection on file.",
    ),
    "away": ("状态写着“{word}”，已记入备注。", "The status says “{word}”; kept in the remark."),
    "cell_comment": ("单元格 {cell} 有批注：{text}", "Cell {cell} has a comment: {text}"),
    "colour_legend": (
        "表中说明用颜色表示含义，颜色读不出来，请核对：{text}",
        "The sheet gives colours a meaning. Colours cannot be read; please check: {text}",
    ),
    "row_hidden": ("此行在表格中被隐藏，仍已读取。", "This row is hidden in the sheet; it was read."),
    "department_missing": ("没有部门，归入公司。", "No department; placed under the company."),
}

PROBLEMS: dict[str, Pair] = {
    "not_a_choice": (
        "回答不是可选项，也不能作为内容读取。",
        "The answer is none of the choices and cannot be read as a value.",
    ),
    "group_value": (
        "批量回答只能用“留空”“保留”“不载入”。",
        "An answer for a whole group may only be empty, keep or drop_row.",
    ),
    "still_unclear": ("回答本身仍不明确：{why}", "The answer itself is not clear: {why}"),
    "disagrees": ("回答与单元格可读部分不符。", "The answer does not fit the readable part of the cell."),
    "still_wrong": ("按此回答，问题仍然存在。", "With this answer the problem remains."),
    "no_such_person": ("找不到回答中的人。", "The person in the answer cannot be found."),
}

SKIPS: dict[str, Pair] = {
    "title": ("标题", "Title"),
    "header": ("表头", "Header"),
    "blank": ("空行", "Blank"),
    "total": ("合计", "Total"),
    "note": ("说明", "Note"),
    "section": ("分组标题", "Group title"),
    "example": ("填写示例", "Example"),
    "duplicate": ("重复行", "Duplicate"),
    "answered": ("按回答不载入", "Left out as answered"),
}

CHOICES: dict[str, Pair] = {
    "empty": ("留空载入", "Load with this field empty"),
    "keep": ("照原样载入，并记录发现", "Load as written and note a finding"),
    "drop_row": ("不载入这一行", "Do not load this row"),
    "keep_row": ("以这一行为准，不载入其他行", "Load this row and none of the others"),
    "planned": ("是计划离职，目前在职", "Planned; still employed now"),
    "no_manager": ("没有上级", "No manager"),
    "new_department": ("是新部门，新建", "A new department; create it"),
    "earlier_is_right": ("以另一行为准，不载入这一行", "The other row is right; do not load this one"),
}

_TABLES = {
    "repair": REPAIRS, "question": QUESTIONS, "refusal": REFUSALS, "finding": FINDINGS, "problem": PROBLEMS,
}  # fmt: skip


def say(table: str, kind: str, facts: tuple[tuple[str, str], ...] = ()) -> Pair:
    """The sentence of a kind in both languages with its facts filled in."""
    zh, en = _TABLES[table][kind]
    return (zh.format_map(dict(facts)), en.format_map(dict(facts))) if facts else (zh, en)
