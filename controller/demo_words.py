"""The demo's words for people: English is the source, Chinese is complete.

Rule: a test asks for every word used; a missing Chinese one fails it.
"""

# ruff: noqa: RUF001, E501 - Chinese has its own punctuation, and a row is one pair of sentences
from __future__ import annotations

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.sentences_zh import ALARM_SENTENCES_ZH, KIND_SENTENCES_ZH, NEEDS_ZH
from controller.core.words import AlarmKind, Kind, Reason

CHINESE: dict[str, str] = {
    "Li Wei": "李伟",
    "Wang Fang": "王芳",
    "Zhang Min": "张敏",
    "Zhao Lei": "赵磊",
    "Chen Jing": "陈静",
    "Sun Hao": "孙浩",
    "Anna Berg": "安娜·贝格",
    "expired": "权限已过期",
    "visitor": "来访人",
    "alone": "独处",
    "alarm in": "报警倒计时",
    "awaits a second person": "等待第二人，剩余",
    "badge": "刷卡",
    "outside": "室外",
    "passage": "安全通道",
    "vault": "库房",
    "outer door": "外门",
    "vault door": "内门",
    "window": "铁窗",
    "cabinet": "铁柜",
    "open": "开",
    "shut": "关",
    "locked": "已锁",
    "unlocked": "已开锁",
    "forced": "强行打开",
    "cut": "断线",
    "normal": "正常",
    "active": "触发",
    "nobody": "无人",
    "unknown": "未知",
    "the room counts": "系统在室人数",
    "alarms": "报警",
    "none": "无",
    "last entries of the log": "保管日志最近记录",
    "readers": "读卡器",
    "idle": "待机",
    "pending": "等待第二人",
    "granted": "放行",
    "refused": "拒绝",
    "wait": "请稍候",
    "chosen": "已选",
    "entries": "条记录",
    "cosigned by the log witness": "已由见证机会签",
    "not yet cosigned": "条尚未会签",
    "controller off, u restarts": "控制器已断电，按 u 重启",
    "clock": "时钟",
    "people": "人员",
    "doors": "门",
    "faults": "故障",
    "choose a person": "选择人员",
    "out": "出",
    "in": "进",
    "walk through": "通过",
    "take and return": "取放",
    "guard takes note": "值班员确认报警",
    "copied card": "复制卡",
    "make a badge": "发卡",
    "legacy, may be copied": "旧式卡，可被复制",
    "recount": "重新清点",
    "cut a wire": "剪断一根线",
    "window open": "开窗",
    "push the door": "强行推门",
    "pull the plug": "拔掉电源",
    "guided tour": "导览",
    "end": "结束",
    "Press t for a guided tour of one minute, or badge somebody yourself.": "按 t 观看一分钟导览，或自己刷卡试试。",
    "Nobody is alone with what lies inside. Watch.": "任何人都不能独自面对室内之物。请看。",
    "Li Wei's badge proves itself by a key. Somebody copied its number: refused, and the guard knows.": "李伟的卡以密钥自证。有人复制了卡号：被拒绝，值班员立即得知。",
    "Li Wei opens the outer door alone: it leads only into the passage.": "李伟独自打开外门：外门只通向安全通道。",
    "Wang Fang follows; the inner door stays locked while the outer is open.": "王芳跟进；外门未关时，内门保持锁闭。",
    "Li Wei badges at the vault. One person opens nothing: the room waits 15 s.": "李伟在库房刷卡。一人开不了门：系统等待 15 秒。",
    "Wang Fang badges. The grant is on disk before the bolt moves.": "王芳刷卡。放行先写入磁盘，门闩才会动。",
    "Both are inside, by name. Two badges at the cabinet, and one compartment opens.": "两人都在室内，记名。两人在铁柜刷卡，打开一格。",
    "Wang Fang leaves. Leaving is never refused, but now one person is alone.": "王芳离开。离开从不被拒绝，但现在只剩一人。",
    "After 30 s alone the alarm would sound. Li Wei leaves in time.": "独处满 30 秒就会报警。李伟及时离开。",
    "Somebody cuts the wire of the window: cut is not open, it is tamper.": "有人剪断铁窗的线路：断线不是开窗，而是破坏报警。",
    "The plug is pulled. Bolts stay locked, and the log remembers.": "电源被拔掉。门闩保持锁闭，日志不会忘记。",
    "The controller is back and knows who is inside. A guard takes note of the alarms.": "控制器恢复，知道谁在室内。值班员确认报警。",
    "Your turn: choose a person with 1 to 7, badge with a s d f g, walk with o p.": "轮到您了：1–7 选人，a s d f g 刷卡，o p 通过门。",
    "needs": "需",
    "a controller that runs": "运行中的控制器",
    "desfire": "自证卡",
    "{name} is chosen.": "已选{name}。",
    "That key does nothing; below are those that do.": "此键无作用；可用的键见下方。",
    "The controller is off: it hears nothing; u switches it on.": "控制器已断电，收不到任何信号；按 u 接通。",
    "{name}'s badge is still being made; it is shown once it is ready.": "{name}的卡正在制作；制成后即刷。",
    "{name} holds a badge before {reader}; the log says what came of it.": "{name}在 {reader} 刷卡；结果见日志。",
    "The {door} gives way and falls shut again.": "{door}打开，随后自行关上。",
    "The {door} is shut.": "{door}已关上。",
    "The {door} is locked: a badge that is granted comes first.": "{door}已锁：须先刷卡获准放行。",
    "Compartment {box} is opened and shut again.": "柜格 {box} 打开，随后关上。",
    "Compartment {box} stays locked. Needed: {need}.": "柜格 {box} 保持锁闭。需要：{need}。",
    "{name} asks for compartment {box}; a second badge at c1 opens it.": "{name}申请柜格 {box}；第二人在 c1 刷卡即开。",
    "The desk makes a badge for {name}; it counts once it has proved itself.": "发卡台正为{name}制卡；卡自证后生效。",
    "A badge for {name} is being made already; nothing more to do.": "{name}的卡已在制作中，无需再按。",
    "{name} has a badge that proves itself; no other is made.": "{name}已有自证卡，不再另发。",
    "The controller is off, so no badge is made; u switches it on.": "控制器已断电，无法发卡；按 u 接通。",
    "{name} has a new badge that proves itself.": "{name}的新卡已制成，能够自证。",
    "No badge for {name}. Needed: {need}.": "未给{name}发卡。需要：{need}。",
    "{name} has no badge yet whose number could be copied.": "{name}还没有卡，无卡号可复制。",
    "Another card shows the number of {name}'s badge at outer.in; it cannot prove itself.": "另一张卡在 outer.in 出示{name}的卡号，但无法自证。",
    "A copy of {name}'s legacy card at outer.in: nobody can tell it from the card; b mends that.": "{name}旧式卡的复制卡在 outer.in，真假难辨；按 b 换发自证卡。",
    "The vault door was unlocked: pushing it is no break-in.": "内门本已开锁：推开不算强行闯入。",
    "Somebody breaks the vault door open; h again shuts it.": "有人强行打开内门；再按 h 关上。",
    "The window moves, but its wire is cut: nobody can hear it; k mends the wire.": "铁窗在动，但线路已断，无从得知；按 k 接好线路。",
    "The iron window is opened; w shuts it.": "铁窗打开；按 w 关上。",
    "The iron window is shut.": "铁窗已关上。",
    "The window's wire is cut: that is tamper, and not an open window; k mends it.": "铁窗线路被剪断：这是破坏，不是开窗；按 k 接好。",
    "The window's wire is mended; the alarm stays until a guard takes note with n.": "铁窗线路已接好；报警保留，直到值班员按 n 确认。",
    "The controller is back; it remembers who is inside.": "控制器恢复，仍知道谁在室内。",
    "The plug is pulled: bolts stay locked; u puts it back.": "电源已拔：门闩保持锁闭；按 u 接通。",
    "There is no alarm to take note of.": "没有需要确认的报警。",
    "Zhao Lei, the guard, takes note of every alarm; one whose cause lasts stays.": "值班员赵磊确认全部报警；原因未消除的仍保留。",
    "Nothing was counted. Needed: {need}.": "未能清点。需要：{need}。",
    "Zhao Lei and Chen Jing counted who is inside; that count holds from now on.": "赵磊与陈静清点了室内人员，以此为准。",
    "The demo needs 80x24; this terminal is {width}x{height}.": "演示需要 80x24 的终端；当前为 {width}x{height}。",
}


def translator(language: str) -> Translator:
    """Words for a language, ``en`` or ``zh``."""
    alarms = {ALARM_SENTENCES[kind]: ALARM_SENTENCES_ZH[kind] for kind in AlarmKind}
    kinds = {KIND_SENTENCES[kind]: KIND_SENTENCES_ZH[kind] for kind in Kind}
    needs = {NEEDS[reason]: NEEDS_ZH[reason] for reason in Reason}
    return Translator(needs | kinds | alarms | CHINESE if language == "zh" else {})


class Translator:
    """Says a word in the chosen language; a word that is missing stays English."""

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def __call__(self, english: str) -> str:
        """Word or sentence in the chosen language."""
        return self._words.get(english, english)
