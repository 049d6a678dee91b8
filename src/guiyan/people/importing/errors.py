"""The two ways in which an import stops before there is a plan."""

REASONS: dict[str, tuple[str, str]] = {
    "empty_file": ("文件是空的。", "The file is empty."),
    "too_large": ("文件超过大小上限。", "The file is larger than the limit."),
    "encrypted": (
        "文件有打开密码，请去掉密码后再上传。",
        "The file is protected by a password; remove it and upload again.",
    ),
    "corrupt": ("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
    "not_a_spreadsheet": ("这不是表格文件（.xlsx、.xls、.csv）。", "This is not a spreadsheet (.xlsx, .xls, .csv)."),
    "web_page": (
        "这是网页或 XML，不是真正的表格文件，请用 Excel 打开后另存为 .xlsx。",
        "This is a web page or XML, not a real spreadsheet; open it in Excel and save it as .xlsx.",
    ),
    "unpacks_too_large": (
        "压缩内容解开后过大，疑似恶意文件。",
        "The packed content is far too large when unpacked; the file looks hostile.",
    ),
    "too_many_sheets": ("工作表数量超过上限。", "The file has more sheets than the limit."),
    "other_spreadsheet": (
        "这种格式（.ods、.xlsb）不能直接读取，请用 Excel 或 WPS 另存为 .xlsx。",
        "This format (.ods, .xlsb) cannot be read; save it as .xlsx.",
    ),
    "too_many_rows": (
        "行数超过上限。如果人没有这么多，请删掉表格下方多余的内容，再另存一次。",
        "A sheet has more rows than the limit. If there are fewer people, delete what stands below the table "
        "and save again.",
    ),
    "too_many_columns": (
        "列数超过上限。如果栏目没有这么多，请删掉表格右侧多余的内容，再另存一次。",
        "A sheet has more columns than the limit. If there are fewer, delete what stands right of the table "
        "and save again.",
    ),
    "stray_quote": (
        "有一个引号没有配对，后面的行被当成了一个单元格。请改正引号，或另存为 .xlsx。行号：",
        "A quotation mark without its partner swallowed the rows after it. Correct it, or save as .xlsx. Line:",
    ),
    "no_people": (
        "找到了表头，但表头下面没有一行人员。",
        "There is a header, but no row of a person below it.",
    ),
    "cell_too_long": ("有单元格文字过长。", "A cell holds more text than the limit."),
    "unknown_encoding": (
        "无法识别文字编码，请另存为 UTF-8 或 GB18030。",
        "The text encoding is unknown; save the file as UTF-8 or GB18030.",
    ),
    "no_roster": (
        "没有找到花名册：没有一张可见的表带有“姓名”等表头。",
        "No roster found: no visible sheet has a header with a name column.",
    ),
    "unknown_sheet": ("指定的工作表不存在。", "A sheet that was named does not exist."),
    "unknown_column": ("指定的列或字段不存在。", "A column or field that was named does not exist."),
}


class FileUnusable(ValueError):
    """The file as a whole cannot be loaded.

    `reason` is a key of REASONS; `zh` and `en` are sentences for the person; `detail` names the sheet or the figure.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        self.zh, self.en = REASONS[reason]
        super().__init__(f"{reason}: {detail}" if detail else reason)


class AnswersUnusable(ValueError):
    """The answers were written for another file, or are not a flat object of texts."""
