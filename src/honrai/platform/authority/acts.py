"""What a step is in law, who can be asked to take it, and the words for both. Values only."""

from enum import IntEnum, StrEnum


class Act(StrEnum):
    """The legal class of one step (`honrai:act` in a flow).

    Source: design of the procedure pack; the line between support and acts of public authority follows the
    内閣府 notice of 2008-01-17 on outsourced counter work (domain/centre.md, Part 2 section 2).
    """

    FACTUAL = "factual"
    ASSISTING = "assisting"
    CERTIFYING = "certifying"
    BOUND_DECISION = "bound-decision"
    DISCRETIONARY_DECISION = "discretionary-decision"
    COERCIVE = "coercive"

    @property
    def official(self) -> bool:
        """True for acts only an official of the city may take: certifying, deciding, coercing."""
        return self not in _SUPPORT

    @property
    def deciding(self) -> bool:
        """True for acts that need a 決裁 (and so a 専決 level)."""
        return self in {Act.BOUND_DECISION, Act.DISCRETIONARY_DECISION}

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _ACT_LABELS[self]


_SUPPORT = frozenset({Act.FACTUAL, Act.ASSISTING})
_ACT_LABELS = {
    Act.FACTUAL: "事実上の行為",
    Act.ASSISTING: "補助的行為",
    Act.CERTIFYING: "公証",
    Act.BOUND_DECISION: "決定（羈束）",
    Act.DISCRETIONARY_DECISION: "決定（裁量）",
    Act.COERCIVE: "強制・質問検査",
}


class Kind(StrEnum):
    """What sort of actor somebody is in a city on a day."""

    STAFF = "staff"
    CONTRACTOR = "contractor"
    APPLICANT = "applicant"
    ROBOT = "robot"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.STAFF: "職員",
    Kind.CONTRACTOR: "受託者",
    Kind.APPLICANT: "申請者",
    Kind.ROBOT: "ロボット",
    Kind.SYSTEM: "システム",
}


class Rank(IntEnum):
    """職位 of a post, lowest to highest; a higher rank may decide what a lower one may."""

    STAFF = 10
    SUBSECTION_HEAD = 20
    SECTION_HEAD = 30
    DIVISION_HEAD = 40
    BUREAU_HEAD = 50
    VICE_MAYOR = 60
    MAYOR = 70

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _RANK_LABELS[self]


_RANK_LABELS = {
    Rank.STAFF: "担当",
    Rank.SUBSECTION_HEAD: "係長",
    Rank.SECTION_HEAD: "課長",
    Rank.DIVISION_HEAD: "部長",
    Rank.BUREAU_HEAD: "局長",
    Rank.VICE_MAYOR: "副市長",
    Rank.MAYOR: "市長",
}


class TeamRole(StrEnum):
    """Place in a contractor's own chain of command (S3-01)."""

    MANAGER = "manager"
    DEPUTY_MANAGER = "deputy-manager"
    LEADER = "leader"
    SUB_LEADER = "sub-leader"
    OPERATOR = "operator"

    @property
    def manages(self) -> bool:
        """True for 管理責任者 and 副管理責任者, to whom alone the city may turn."""
        return self in {TeamRole.MANAGER, TeamRole.DEPUTY_MANAGER}

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _TEAM_ROLE_LABELS[self]


_TEAM_ROLE_LABELS = {
    TeamRole.MANAGER: "管理責任者",
    TeamRole.DEPUTY_MANAGER: "副管理責任者",
    TeamRole.LEADER: "リーダー",
    TeamRole.SUB_LEADER: "サブリーダー",
    TeamRole.OPERATOR: "オペレーター",
}


class Charge(StrEnum):
    """事務分掌: a task of running the house that is laid on a post. Chapters above add their own as plain codes."""

    ORGANISATION = "organisation"
    TRANSFERS = "transfers"
    ACCOUNTS = "accounts"
    CONTRACTS = "contracts"
    CERTIFICATES = "certificates"
    AUDIT = "audit"
    JOBS = "jobs"
    CITY_SETTINGS = "city-settings"
    EXCHANGE = "exchange"
    DISPOSAL = "disposal"
    API = "api"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _CHARGE_LABELS[self]


_CHARGE_LABELS = {
    Charge.ORGANISATION: "組織・職の管理",
    Charge.TRANSFERS: "発令",
    Charge.ACCOUNTS: "利用者の発行",
    Charge.CONTRACTS: "契約の管理",
    Charge.CERTIFICATES: "誓約・研修の管理",
    Charge.AUDIT: "記録の閲覧",
    Charge.JOBS: "ジョブの管理",
    Charge.CITY_SETTINGS: "市の設定",
    Charge.EXCHANGE: "データ連携",
    Charge.DISPOSAL: "廃棄・消去",
    Charge.API: "外部接続",
}


class Channel(StrEnum):
    """Kinds of message between city and contractor. The city's five ordinary kinds, its exceptions, the contractor's."""

    ORDER = "order"
    CHANGE = "change"
    INSPECTION = "inspection"
    ANSWER = "answer"
    COMPLAINT = "complaint"
    RETURN = "return"
    REDO = "redo"
    CITY_QUERY = "city-query"
    INFORMATION = "information"
    INCIDENT = "incident"
    RESUME = "resume"
    SAFETY = "safety"
    STOP = "stop"
    EQUIPMENT = "equipment"
    INITIAL_EXPLANATION = "initial-explanation"
    QUERY = "query"
    DELIVERY = "delivery"
    REPORT = "report"
    REPLY = "reply"
    PROPOSAL = "proposal"
    NOTICE = "notice"
    INCIDENT_REPORT = "incident-report"

    @property
    def from_city(self) -> bool:
        """True where the city writes to the contractor."""
        return self not in _FROM_CONTRACTOR

    @property
    def waits_for_manager(self) -> bool:
        """True for new or changed orders and work begun again, which are held while no manager is on duty."""
        return self in {Channel.ORDER, Channel.CHANGE, Channel.RESUME}

    @property
    def exception(self) -> bool:
        """True for what may be explained directly under the contractor's supervision, with reason and supervisor."""
        return self in {Channel.EQUIPMENT, Channel.INITIAL_EXPLANATION}

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _CHANNEL_LABELS[self]


_FROM_CONTRACTOR = frozenset(
    {
        Channel.QUERY,
        Channel.DELIVERY,
        Channel.REPORT,
        Channel.REPLY,
        Channel.PROPOSAL,
        Channel.NOTICE,
        Channel.INCIDENT_REPORT,
    }
)
_CHANNEL_LABELS = {
    Channel.ORDER: "発注",
    Channel.CHANGE: "仕様変更協議",
    Channel.INSPECTION: "検収結果",
    Channel.ANSWER: "照会回答",
    Channel.COMPLAINT: "苦情",
    Channel.RETURN: "差戻し",
    Channel.SAFETY: "安全・緊急",
    Channel.STOP: "作業停止",
    Channel.EQUIPMENT: "貸与機器の説明",
    Channel.INITIAL_EXPLANATION: "開始時の仕様補足説明",
    Channel.QUERY: "照会",
    Channel.DELIVERY: "納品",
    Channel.REPORT: "報告",
    Channel.REDO: "再履行の請求",
    Channel.CITY_QUERY: "市からの照会",
    Channel.INFORMATION: "情報提供",
    Channel.INCIDENT: "事故の連絡",
    Channel.RESUME: "作業再開",
    Channel.REPLY: "回答",
    Channel.PROPOSAL: "仕様変更の申出",
    Channel.NOTICE: "情報提供（受託者）",
    Channel.INCIDENT_REPORT: "事故の報告",
}
